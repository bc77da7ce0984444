using System.Net.Http.Json;
using Veltrix.Configuration;
using Veltrix.ServiceDefaults.Security;

namespace Veltrix.Config.Tests.Rollouts;

/// <summary>A node as the service sees it: it watches, applies what it gets and reports, over HTTP.</summary>
internal sealed class SimulatedNode(string name, string service, TimeProvider time) : IDisposable
{
    private readonly List<int> _versions = [];
    private HttpClient? _client;
    private Watcher? _watcher;
    private ConfigurationVersion? _version;
    private int _reports;

    public string Name { get; } = name;

    /// <summary>The numbers of all versions that it was given.</summary>
    public IReadOnlyList<int> Versions => _versions;

    public ConfigurationVersion Version => _version!;

    /// <summary>Whether its line is cut.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Number of a version that it does not take; it goes on with the one before.</summary>
    public int? Refuses { get; set; }

    /// <summary>Number of a version that it runs on without one of its parts.</summary>
    public int? FailsOn { get; set; }

    /// <summary>Events that it handles in a second.</summary>
    public double Events { get; set; } = 1_000;

    /// <summary>Its errors per second on a version.</summary>
    public Func<int, double> Errors { get; set; } = _ => 0;

    /// <summary>Its 99th percentile in milliseconds on a version.</summary>
    public Func<int, double> Latency { get; set; } = _ => 20;

    public async Task ConnectAsync(Replica replica)
    {
        Dispose();
        _client = replica.As(Roles.Node);
        _watcher = await Watcher.OpenAsync(replica, $"?node={Name}&from={_version?.Number ?? 0}");
    }

    /// <summary>Reads its watch until it has been given <paramref name="number"/>.</summary>
    public async Task ReceiveAsync(int number)
    {
        while (_versions.LastOrDefault() < number)
        {
            var version = (await _watcher!.NextAsync())!;
            _versions.Add(version.Number);
            if (version.Number != Refuses)
                _version = version;
        }
        _versions[^1].ShouldBe(number);
    }

    public async Task ReportAsync()
    {
        var number = Version.Number;
        var hasRefused = Refuses is { } refused && _versions.Contains(refused);
        var report = new NodeReport(
            Name,
            service,
            number,
            Version.Hash,
            StartedAt: default,
            ReportedAt: time.GetUtcNow(),
            CpuCores: 0.5,
            WorkingSetBytes: 1,
            Events,
            Errors(number),
            LatencyP50Milliseconds: 5,
            // Never twice the same, as from a real node.
            Events > 0
                ? Latency(number) + _reports++ % 7 * 0.1
                : null,
            Workers: 2,
            hasRefused ? Refuses
                : FailsOn == number ? number
                : null,
            hasRefused ? "It cannot be applied here."
                : FailsOn == number ? "A part failed."
                : null
        );
        using var response = await _client!.PostAsJsonAsync(
            "/nodes/report",
            report,
            ConfigurationJson.Default.NodeReport,
            TestContext.Current.CancellationToken
        );
        response.EnsureSuccessStatusCode();
    }

    public void Dispose()
    {
        _watcher?.Dispose();
        _client?.Dispose();
    }
}
