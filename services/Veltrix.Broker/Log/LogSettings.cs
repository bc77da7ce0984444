namespace Veltrix.Broker.Log;

/// <summary>What a topic's configuration means for each of its logs.</summary>
internal sealed record LogSettings(
    long SegmentBytes,
    TimeSpan SegmentAge,
    TimeSpan? RetentionAge,
    long? RetentionBytes,
    int MaximumMessageBytes
)
{
    /// <summary>Whether old segments go by age and size.</summary>
    public bool IsDeleted { get; init; } = true;

    /// <summary>Whether only the last record of each key stays; null when all do.</summary>
    public CompactionSettings? Compaction { get; init; }

    public TimestampSettings Timestamps { get; init; } = TimestampSettings.Default;
}
