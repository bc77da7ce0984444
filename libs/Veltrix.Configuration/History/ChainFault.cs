namespace Veltrix.Configuration.History;

/// <summary>The first version that does not fit its history.</summary>
/// <param name="Number">Its number; of a missing version, the number that it had.</param>
/// <param name="Reason">Why it does not fit, a sentence.</param>
public sealed record ChainFault(int Number, string Reason);
