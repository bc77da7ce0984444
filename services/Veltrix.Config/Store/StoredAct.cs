using Veltrix.Configuration.History;

namespace Veltrix.Config.Store;

/// <summary>A row of <c>audit</c>: written once, never changed; a trigger sees to it.</summary>
public sealed class StoredAct
{
    /// <summary>Given by the database.</summary>
    public long Number { get; init; }

    /// <summary>Names the attempt that wrote the row, so that a lost answer to a commit can be told from a lost commit.</summary>
    public required Guid Id { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Actor { get; init; }
    public required string Act { get; init; }
    public int? Proposal { get; init; }
    public int? Version { get; init; }
    public string? Path { get; init; }
    public required string Reason { get; init; }

    public AuditEntry ToEntry() => new(Number, At, Actor, Act, Proposal, Version, Path, Reason);
}
