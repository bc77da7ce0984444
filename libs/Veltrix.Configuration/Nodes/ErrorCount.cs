namespace Veltrix.Configuration;

/// <summary>How often one error occurred.</summary>
/// <param name="Code">Its code in the error catalogue, <c>VX-nnnn</c>.</param>
/// <param name="Count">How often.</param>
public sealed record ErrorCount(string Code, long Count);
