namespace Veltrix.Configuration.History;

/// <summary>One act on the configuration; entries are numbered and never change.</summary>
/// <param name="Number">Its number; numbers grow, but may have gaps.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Actor">Name of the key that acted.</param>
/// <param name="Act">What was done, one of <see cref="ConfigurationActs"/>.</param>
/// <param name="Proposal">The proposal that it concerns, if any.</param>
/// <param name="Version">The version that it concerns or made, if any.</param>
/// <param name="Path">The path that was pinned or released, if any.</param>
/// <param name="Reason">Why.</param>
public sealed record AuditEntry(
    long Number,
    DateTimeOffset At,
    string Actor,
    string Act,
    int? Proposal,
    int? Version,
    string? Path,
    string Reason
);
