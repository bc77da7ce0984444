namespace Veltrix.Broker.Log;

/// <summary>Whose timestamps a topic's records bear.</summary>
/// <param name="IsAppendTime">The broker's, of when it took a batch; else the producer's own.</param>
/// <param name="LongestBehindMilliseconds">A producer's timestamp may be this much in the past.</param>
/// <param name="LongestAheadMilliseconds">A producer's timestamp may be this much in the future.</param>
internal sealed record TimestampSettings(
    bool IsAppendTime,
    long LongestBehindMilliseconds,
    long LongestAheadMilliseconds
)
{
    /// <summary>Kafka's own: a clock that is more than an hour ahead would keep its records from ever expiring.</summary>
    public static TimestampSettings Default { get; } = new(false, long.MaxValue, 3_600_000);

    public bool Allow(TimestampRange timestamps, long nowMilliseconds) =>
        IsAppendTime
        || (
            timestamps.Earliest >= nowMilliseconds - LongestBehindMilliseconds
            && (
                LongestAheadMilliseconds > long.MaxValue - nowMilliseconds
                || timestamps.Latest <= nowMilliseconds + LongestAheadMilliseconds
            )
        );
}
