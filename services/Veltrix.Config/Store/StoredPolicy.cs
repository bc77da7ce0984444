namespace Veltrix.Config.Store;

/// <summary>The one row of <c>policy</c>.</summary>
public sealed class StoredPolicy
{
    public required int Id { get; init; }
    public required bool FourEyes { get; set; }

    /// <summary>Null while publications are allowed; then the other two are null, too.</summary>
    public string? FrozenBy { get; set; }
    public DateTimeOffset? FrozenAt { get; set; }
    public string? FrozenReason { get; set; }
    public string? WaiverAskedBy { get; set; }
    public DateTimeOffset? WaiverAskedAt { get; set; }
    public string? WaiverReason { get; set; }
}
