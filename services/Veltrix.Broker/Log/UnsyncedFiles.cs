namespace Veltrix.Broker.Log;

/// <summary>What a partition has that no sync covers yet.</summary>
/// <param name="Segments">Segments, and how much was written to each.</param>
/// <param name="Names">How many names had changed in its directory.</param>
internal sealed record UnsyncedFiles(List<(Segment Segment, long Bytes)> Segments, long Names);
