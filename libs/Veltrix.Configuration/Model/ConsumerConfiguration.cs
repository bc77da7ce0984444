namespace Veltrix.Configuration;

/// <summary>How processors read from Kafka.</summary>
/// <param name="SessionTimeoutMilliseconds">After which silence a member is taken for dead and its partitions move, in milliseconds.</param>
/// <param name="HeartbeatIntervalMilliseconds">Time between two heartbeats of a member, in milliseconds.</param>
/// <param name="MaximumPollIntervalMilliseconds">After which time without a poll a member is thrown out of its group, in milliseconds.</param>
/// <param name="FetchWaitMilliseconds">How long the broker may hold a fetch that finds nothing, in milliseconds.</param>
/// <param name="QueuedKilobytes">Most that a member reads ahead, in kilobytes (1,024 bytes).</param>
/// <param name="EnableAutoCommit">Whether offsets are committed by time, whatever was handled.</param>
/// <param name="AutoOffsetReset">Where a group without a committed offset begins.</param>
public sealed record ConsumerConfiguration(
    int SessionTimeoutMilliseconds = 10_000,
    int HeartbeatIntervalMilliseconds = 1_000,
    int MaximumPollIntervalMilliseconds = 60_000,
    int FetchWaitMilliseconds = 100,
    int QueuedKilobytes = 16 * 1024,
    bool EnableAutoCommit = false,
    OffsetReset AutoOffsetReset = OffsetReset.Earliest
);
