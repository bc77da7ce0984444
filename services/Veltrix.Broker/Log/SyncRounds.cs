namespace Veltrix.Broker.Log;

/// <summary>Rounds of the flusher since the start.</summary>
/// <param name="All">All of them.</param>
/// <param name="Shared">Those of more than <see cref="LogFlusher.MaximumFileSyncs"/> files.</param>
internal readonly record struct SyncRounds(long All, long Shared);
