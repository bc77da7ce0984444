namespace Veltrix.Configuration;

/// <summary>One thing that is wrong with a document.</summary>
/// <param name="Path">Where, as a JSON path from the document's root, for instance <c>$.clusters[0].topics[2].name</c>.</param>
/// <param name="Message">What is wrong, a sentence.</param>
/// <param name="Allowed">What would be right, for instance <c>1 to 256</c>; null where the message says it all.</param>
public sealed record ConfigurationError(string Path, string Message, string? Allowed = null);
