namespace Veltrix.Broker.Log;

/// <summary>What a topic's configuration means for each of its logs.</summary>
internal sealed record LogSettings(
    long SegmentBytes,
    TimeSpan SegmentAge,
    TimeSpan? RetentionAge,
    long? RetentionBytes,
    int MaximumMessageBytes
);
