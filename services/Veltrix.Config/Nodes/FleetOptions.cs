namespace Veltrix.Config.Nodes;

/// <summary>Section <c>Fleet</c> of the service's own settings.</summary>
internal sealed class FleetOptions
{
    public const string Section = "Fleet";

    /// <summary>How often a replica tells the others which nodes it heard of, and reads what they heard.</summary>
    public TimeSpan ShareInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often minutes that ended are written to the store.</summary>
    public TimeSpan WriteInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long minutes are kept in the store.</summary>
    public TimeSpan HistoryKept { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Most minutes in the store, of all nodes together: 100 nodes for 7 days. A row has about half a kilobyte.</summary>
    public int MaximumMinutes { get; set; } = 1_000_000;
}
