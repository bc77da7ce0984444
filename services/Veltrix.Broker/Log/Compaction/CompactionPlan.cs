namespace Veltrix.Broker.Log.Compaction;

/// <summary>The finished segments of a log that one compaction looks at.</summary>
/// <param name="Segments">From the beginning of the log on.</param>
/// <param name="FirstDirtyOffset">Where the records begin that no compaction has seen.</param>
/// <param name="EndOffset">The offset behind the last of the segments.</param>
/// <param name="DirtyRatio">Share of the bytes that are dirty.</param>
internal sealed record CompactionPlan(
    IReadOnlyList<Segment> Segments,
    long FirstDirtyOffset,
    long EndOffset,
    double DirtyRatio
);
