using Veltrix.Configuration;
using Veltrix.Configuration.History;

namespace Veltrix.Config.Store;

/// <summary>A row of <c>proposals</c>.</summary>
public sealed class StoredProposal
{
    public required int Number { get; init; }
    public required int Base { get; init; }
    public required string Hash { get; init; }

    /// <summary>The canonical bytes that <see cref="Hash"/> was computed from, as text.</summary>
    public required string Document { get; init; }
    public required string Author { get; init; }
    public required string Reason { get; init; }
    public required DateTimeOffset ProposedAt { get; init; }
    public required ProposalState State { get; set; }
    public string? Approver { get; set; }
    public DateTimeOffset? ApprovedAt { get; set; }
    public int? Version { get; set; }

    /// <summary>The doctor's warnings that the proposal was made or approved with, for a stated reason.</summary>
    public required string[] Warnings { get; set; }

    public Proposal ToProposal() =>
        new(Number, State, Base, Hash, Author, Reason, ProposedAt, Approver, ApprovedAt, Version);

    public PlatformConfiguration ToConfiguration() => StoredDocument.Read(Document);
}
