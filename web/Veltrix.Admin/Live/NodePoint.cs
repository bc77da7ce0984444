using Veltrix.Configuration;

namespace Veltrix.Admin.Live;

/// <summary>What a node did in one second, or in one minute. Null where nothing was measured.</summary>
internal sealed record NodePoint(
    DateTime At,
    double EventsPerSecond,
    double ErrorsPerSecond,
    double? LatencyP50Milliseconds,
    double? LatencyP99Milliseconds,
    double? HandlingP99Milliseconds,
    double? QueuePercent,
    double CpuCores,
    IReadOnlyList<ErrorCount> Errors
)
{
    public static NodePoint Of(ReceivedReport received)
    {
        var report = received.Report;
        return new(
            received.ReceivedAt.UtcDateTime,
            report.EventsPerSecond,
            report.ErrorsPerSecond,
            report.LatencyP50Milliseconds,
            report.LatencyP99Milliseconds,
            HandlingP99(report.Handling),
            100 * report.Queue?.Fraction,
            report.CpuCores,
            report.Errors ?? []
        );
    }

    public static NodePoint Of(NodeMinute minute) =>
        new(
            minute.Minute.UtcDateTime,
            minute.EventsPerSecond,
            minute.ErrorsPerSecond,
            minute.LatencyP50Milliseconds,
            minute.LatencyP99Milliseconds,
            minute.HandlingP99Milliseconds,
            100 * minute.Queue?.Fraction,
            minute.CpuCores,
            minute.Errors
        );

    private static double? HandlingP99(LatencyHistogram? handling)
    {
        if (handling is null)
            return null;
        var counts = new LatencyCounts(LatencyHistogram.Buckets);
        counts.Add(handling);
        return counts.Percentile(0.99)?.TotalMilliseconds;
    }
}
