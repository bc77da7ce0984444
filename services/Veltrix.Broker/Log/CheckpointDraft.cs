namespace Veltrix.Broker.Log;

/// <summary>A checkpoint that is written and does not count yet.</summary>
/// <param name="Log">What it is of.</param>
/// <param name="Path">The checkpoint that it is to replace.</param>
/// <param name="Noted">What it says.</param>
internal sealed record CheckpointDraft(PartitionLog Log, string Path, CheckpointContent Noted);

/// <summary>What a checkpoint is about: while this stays, there is nothing new to note.</summary>
internal readonly record struct CheckpointContent(
    long AppendedBytes,
    long StartOffset,
    long CompactedEnd,
    long ActiveBaseOffset
);
