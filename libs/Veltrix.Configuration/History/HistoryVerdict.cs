namespace Veltrix.Configuration.History;

/// <summary>Whether the whole history is as it was published.</summary>
/// <param name="Intact">Whether every version fits.</param>
/// <param name="Versions">How many versions fit, counted from the first.</param>
/// <param name="ChainHash">Chain hash of the last one that fits. Kept elsewhere, it also proves that nobody rewrote the history as a whole.</param>
/// <param name="Fault">The first version that does not fit; null when the history is intact.</param>
public sealed record HistoryVerdict(bool Intact, int Versions, string? ChainHash, ChainFault? Fault);
