namespace Veltrix.Configuration;

/// <summary>One published configuration; versions are numbered from 1 without gaps and never change.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Parent">The version it was made from; null for the first.</param>
/// <param name="Hash">SHA-256 of the canonical document, lower-case hexadecimal.</param>
/// <param name="Author">Name of the key that published it.</param>
/// <param name="Reason">Why.</param>
/// <param name="PublishedAt">When, UTC.</param>
/// <param name="Configuration">The document.</param>
public sealed record ConfigurationVersion(
    int Number,
    int? Parent,
    string Hash,
    string Author,
    string Reason,
    DateTimeOffset PublishedAt,
    PlatformConfiguration Configuration
);
