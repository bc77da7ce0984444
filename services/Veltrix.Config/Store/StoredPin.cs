namespace Veltrix.Config.Store;

/// <summary>A row of <c>pins</c>.</summary>
public sealed class StoredPin
{
    public required string Path { get; init; }
    public required string PinnedBy { get; set; }
    public required DateTimeOffset PinnedAt { get; set; }
    public required string Reason { get; set; }
}
