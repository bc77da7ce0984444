namespace Veltrix.Broker.Log;

/// <summary>When and what compaction removes.</summary>
/// <param name="LeastDirtyRatio">Share of a log's bytes that must be new since the last compaction.</param>
/// <param name="LeastAge">Records younger than this stay.</param>
/// <param name="LongestAge">Records older than this make a log due, whatever the ratio.</param>
/// <param name="TombstoneAge">How long tombstones and transaction markers can be read after they were cleaned first.</param>
internal sealed record CompactionSettings(
    double LeastDirtyRatio,
    TimeSpan LeastAge,
    TimeSpan LongestAge,
    TimeSpan TombstoneAge
);
