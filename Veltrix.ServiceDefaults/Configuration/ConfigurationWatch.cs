using System.Net.ServerSentEvents;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Veltrix.Configuration;

namespace Veltrix.ServiceDefaults.Configuration;

/// <summary>Keeps <see cref="CurrentConfiguration"/> current: one server-sent event per published version, for ever.</summary>
internal sealed partial class ConfigurationWatch(
    ConfigurationService service,
    CurrentConfiguration configuration,
    TimeProvider clock,
    ILogger<ConfigurationWatch> logger
) : SteadyService(clock, logger)
{
    /// <summary>Type of an event: the version is everybody's.</summary>
    private const string Released = "version";

    /// <summary>Type of an event: a rollout tries the version on this node. It comes once more when it is released.</summary>
    private const string Candidate = "candidate";

    /// <summary>Three heartbeats of the service.</summary>
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The service answers a watch at once, and follows it with a version from its memory. One that has taken the connection
    /// and says nothing for so long, as long as a probe of its health would wait, is taken for away: a node that has nothing
    /// yet begins with its last good copy, and asks again.
    /// </summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(3);

    /// <summary>A connection that lived this long was a good one: the next attempt comes soon.</summary>
    private static readonly TimeSpan GoodConnection = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private int _failures;
    private bool _away;

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var started = clock.GetTimestamp();
            try
            {
                await WatchAsync(stoppingToken);
                Lost(null);
            }
            catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException)
            {
                if (stoppingToken.IsCancellationRequested)
                    return;
                Lost(error);
            }
            if (clock.GetElapsedTime(started) >= GoodConnection)
                _failures = 0;
            await Task.Delay(BackOff.Delay(_failures++, FirstPause, LongestPause), clock, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WatchAsync(CancellationToken stopping)
    {
        using var response = await OpenAsync(stopping);
        response.EnsureSuccessStatusCode();
        if (_away)
            Log.Back(logger);
        _away = false;
        await using var body = await response.Content.ReadAsStreamAsync(stopping);
        await using var guarded = new SilenceGuardStream(
            body,
            () => configuration.CurrentOrNull is null ? AnswerLimit : SilenceLimit,
            clock
        );
        await foreach (var item in SseParser.Create(guarded, Parse).EnumerateAsync(stopping))
            if (item.Data is { } version && configuration.TryApply(version, item.EventType == Candidate))
                _failures = 0;
    }

    /// <summary>A peer that vanished after it took the connection would be waited for as long as TCP tries: a quarter of an hour.</summary>
    private async Task<HttpResponseMessage> OpenAsync(CancellationToken stopping)
    {
        using var silence = new CancellationTokenSource(AnswerLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, silence.Token);
        return await service.WatchAsync(configuration.ReleasedByService, either.Token);
    }

    /// <summary>Null for what is no version: other event types may come one day, and garbage must not end the watch.</summary>
    private ConfigurationVersion? Parse(string type, ReadOnlySpan<byte> data)
    {
        if (type is not (Released or Candidate))
            return null;
        try
        {
            return JsonSerializer.Deserialize(data, ConfigurationJson.Default.ConfigurationVersion);
        }
        catch (JsonException error)
        {
            configuration.Refuse(
                new VersionRefusal(
                    null,
                    $"The configuration service sent a version that cannot be read: {error.Message}"
                )
            );
            return null;
        }
    }

    /// <summary>Says it once per outage. A node that has nothing yet takes its last good copy.</summary>
    private void Lost(Exception? error)
    {
        configuration.Restore();
        if (!_away)
            Log.Away(logger, error, configuration.CurrentOrNull?.Number);
        _away = true;
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "The configuration watch ended; the node stays on version {Version} and keeps trying to connect"
        )]
        public static partial void Away(ILogger logger, Exception? error, int? version);

        [LoggerMessage(LogLevel.Information, "The configuration watch is connected again")]
        public static partial void Back(ILogger logger);
    }
}
