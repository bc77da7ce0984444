using Veltrix.Cli.Load;

namespace Veltrix.Cli.Watchers;

/// <summary>How a set of times is distributed, in milliseconds.</summary>
internal sealed record Spread(
    long Count,
    double P50Milliseconds,
    double P90Milliseconds,
    double P99Milliseconds,
    double WorstMilliseconds
)
{
    /// <summary>Null when nothing was recorded.</summary>
    public static Spread? Of(LatencyHistogram histogram) =>
        histogram.Count == 0
            ? null
            : new Spread(
                histogram.Count,
                histogram.PercentileMilliseconds(0.5)!.Value,
                histogram.PercentileMilliseconds(0.9)!.Value,
                histogram.PercentileMilliseconds(0.99)!.Value,
                histogram.PercentileMilliseconds(1)!.Value
            );
}
