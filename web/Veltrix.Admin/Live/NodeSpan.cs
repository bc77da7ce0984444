namespace Veltrix.Admin.Live;

/// <summary>How much of a node's past a page shows.</summary>
/// <param name="Name">As addresses have it.</param>
/// <param name="Window">How long it is.</param>
/// <param name="Refresh">How often it is read anew.</param>
internal sealed record NodeSpan(string Name, TimeSpan Window, TimeSpan Refresh)
{
    /// <summary>From the node's last reports.</summary>
    public static readonly NodeSpan Minutes = new("5min", Fleet.Window, TimeSpan.FromSeconds(2));

    public static readonly IReadOnlyList<NodeSpan> All =
    [
        Minutes,
        new("1h", TimeSpan.FromHours(1), TimeSpan.FromSeconds(15)),
        new("24h", TimeSpan.FromHours(24), TimeSpan.FromMinutes(1)),
    ];

    /// <summary>The span of that name, or the shortest.</summary>
    public static NodeSpan Of(string? name) => All.FirstOrDefault(span => span.Name == name) ?? Minutes;
}
