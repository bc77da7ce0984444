using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Veltrix.Configuration;

namespace Veltrix.ServiceDefaults.Configuration;

/// <summary>
/// Tells the configuration service every second what this node does, and at once which version it took or refused. Losing
/// reports loses nothing else.
/// </summary>
internal sealed partial class NodeReporter(
    ConfigurationService service,
    CurrentConfiguration configuration,
    NodeIdentity node,
    IServiceProvider services,
    TimeProvider clock,
    ILogger<NodeReporter> logger
) : SteadyService(clock, logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PatienceOnStop = TimeSpan.FromSeconds(1);
    private readonly INodeMeasurements? _measurements = services.GetService<INodeMeasurements>();
    private readonly DateTimeOffset _startedAt = ProcessStart();
    private bool _away;

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        var sample = Sample.Now(clock);
        try
        {
            var tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
            var judged = configuration.Judged.ReadAsync(stoppingToken).AsTask();
            while (true)
            {
                if (await Task.WhenAny(tick, judged) == tick)
                {
                    await tick;
                    tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
                }
                else
                {
                    await judged;
                    judged = configuration.Judged.ReadAsync(stoppingToken).AsTask();
                }
                var next = Sample.Now(clock);
                await SendAsync(Report(sample, next), stoppingToken);
                sample = next;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops: without a word it would be called silent for minutes.
            using var limit = new CancellationTokenSource(PatienceOnStop, clock);
            await SendAsync(Report(sample, Sample.Now(clock)) with { IsLeaving = true }, limit.Token);
        }
    }

    private NodeReport Report(Sample before, Sample now)
    {
        var seconds = Math.Max(clock.GetElapsedTime(before.Timestamp, now.Timestamp).TotalSeconds, 0.001);
        var measured = _measurements?.Take();
        var version = configuration.CurrentOrNull;
        return new NodeReport(
            node.Name,
            node.Service,
            version?.Number,
            version?.Hash,
            _startedAt,
            clock.GetUtcNow(),
            (now.Cpu - before.Cpu).TotalSeconds / seconds,
            Environment.WorkingSet,
            (measured?.Events ?? 0) / seconds,
            (measured?.Errors ?? 0) / seconds,
            measured?.LatencyP50Milliseconds,
            measured?.LatencyP99Milliseconds,
            measured?.Workers,
            configuration.Refusal?.Version,
            configuration.Refusal is { Reason: var reason }
                ? OneLine.Of(reason, NodeReport.MaximumRefusalCharacters)
                : null,
            OpenDescriptors(),
            measured?.Latency,
            measured?.Handling,
            measured?.Queue,
            measured?.ErrorsByCode,
            HandledTypes: measured?.HandledTypes
        );
    }

    private async Task SendAsync(NodeReport report, CancellationToken stopping)
    {
        try
        {
            await service.ReportAsync(report, stopping);
            if (_away)
                Log.Back(logger);
            _away = false;
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException)
        {
            if (!_away && !stopping.IsCancellationRequested)
                Log.Away(logger, error);
            _away = true;
        }
    }

    /// <summary>Files and sockets that are open now; null where the system does not say, or has none left to say it with.</summary>
    private static int? OpenDescriptors()
    {
        try
        {
            return Directory.EnumerateFileSystemEntries("/proc/self/fd").Count();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static DateTimeOffset ProcessStart()
    {
        using var process = Process.GetCurrentProcess();
        return new DateTimeOffset(process.StartTime).ToUniversalTime();
    }

    private readonly record struct Sample(long Timestamp, TimeSpan Cpu)
    {
        public static Sample Now(TimeProvider clock) => new(clock.GetTimestamp(), Environment.CpuUsage.TotalTime);
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "Reports do not reach the configuration service; this is said once per outage"
        )]
        public static partial void Away(ILogger logger, Exception error);

        [LoggerMessage(LogLevel.Information, "Reports reach the configuration service again")]
        public static partial void Back(ILogger logger);
    }
}
