namespace Veltrix.Configuration.History;

/// <summary>A configuration that is not in force: it waits for approval or publication, or is done with.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="State">How far it is.</param>
/// <param name="Base">The version that it was made from; it can be published only while that is the current one.</param>
/// <param name="Hash">SHA-256 of its canonical document, lower-case hexadecimal.</param>
/// <param name="Author">Name of the key that proposed it.</param>
/// <param name="Reason">Why.</param>
/// <param name="ProposedAt">When, UTC.</param>
/// <param name="Approver">Name of the key that approved it; null while nobody did.</param>
/// <param name="ApprovedAt">When, UTC.</param>
/// <param name="Version">The version that it became; null when it is not published.</param>
public sealed record Proposal(
    int Number,
    ProposalState State,
    int Base,
    string Hash,
    string Author,
    string Reason,
    DateTimeOffset ProposedAt,
    string? Approver,
    DateTimeOffset? ApprovedAt,
    int? Version
);
