namespace Veltrix.Configuration.History;

/// <summary>What a version's chain hash seals, besides the chain hash of its parent.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Parent">The version before it; null for the first.</param>
/// <param name="Hash">SHA-256 of the canonical document, lower-case hexadecimal.</param>
/// <param name="Author">Who made it.</param>
/// <param name="Reason">Why.</param>
/// <param name="PublishedAt">When; whole microseconds.</param>
/// <param name="Report">SHA-256 of the doctor's report as it is stored, lower-case hexadecimal; null where there is none.</param>
public sealed record ChainLink(
    int Number,
    int? Parent,
    string Hash,
    string Author,
    string Reason,
    DateTimeOffset PublishedAt,
    string? Report = null
);
