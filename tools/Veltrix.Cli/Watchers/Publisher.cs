using System.Net.Http.Headers;
using System.Text.Json;
using Veltrix.Cli.Configurations;
using Veltrix.Configuration;

namespace Veltrix.Cli.Watchers;

/// <summary>Publishes the document in force with one option changed, again and again, and in the end as it was.</summary>
internal sealed class Publisher(ConfigClient client, PublicationLedger ledger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private ConfigurationVersion? _before;
    private int _current;

    /// <summary>Learns what is in force.</summary>
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        _before = await client.GetAsync("", ConfigurationJson.Default.ConfigurationVersion, cancellation);
        _current = _before.Number;
    }

    /// <summary>Publishes once and waits until every node is done with the version.</summary>
    public async Task PublishAsync(int round, bool isMeasured, CancellationToken cancellation)
    {
        await PublishAsync(Changed(_before!.Configuration, round), "veltrix watchers", isMeasured, cancellation);
        await ledger.CompleteAsync(Patience, cancellation);
    }

    /// <summary>Publishes what was in force before.</summary>
    public Task RestoreAsync(CancellationToken cancellation) =>
        _current == _before!.Number
            ? Task.CompletedTask
            : PublishAsync(
                _before.Configuration,
                "veltrix watchers: as it was before",
                isMeasured: false,
                cancellation
            );

    private async Task PublishAsync(
        PlatformConfiguration configuration,
        string reason,
        bool isMeasured,
        CancellationToken cancellation
    )
    {
        using var body = new ByteArrayContent(
            JsonSerializer.SerializeToUtf8Bytes(
                new Publication(reason, configuration),
                ConfigurationJson.Default.Publication
            )
        );
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        ledger.Begin(_current + 1, isMeasured);
        var version = await client.ActAsync(
            HttpMethod.Post,
            "/versions",
            _current,
            ConfigurationJson.Default.ConfigurationVersion,
            cancellation,
            body
        );
        ledger.Answer();
        _current = version.Number;
    }

    /// <summary>An option that no node has to do anything for at once, to another value each time.</summary>
    private static PlatformConfiguration Changed(PlatformConfiguration configuration, int round)
    {
        var minutes = configuration.Workflows.HuntTimeoutMinutes;
        var step = 1 + (round % 2);
        return configuration with
        {
            Workflows = new WorkflowConfiguration(
                minutes + step <= ConfigurationLimits.HuntTimeoutMinutes.Maximum ? minutes + step : minutes - step
            ),
        };
    }
}
