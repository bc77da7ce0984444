using Veltrix.Config.Nodes;

namespace Veltrix.Config.Watch;

/// <summary>Section <c>Watch</c> of the service's own settings.</summary>
internal sealed class WatchOptions
{
    public const string Section = "Watch";

    /// <summary>How long the line stays silent before a heartbeat proves that it is alive.</summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>A watcher that takes in what it is sent more slowly than this loses its place.</summary>
    public double MinimumBytesPerSecond { get; set; } = 10_000;

    /// <summary>
    /// Most watchers of one replica; each holds a connection. Twice as many as there may be nodes: after a cut in the
    /// network all of them come back before the service knows that their old connections are dead.
    /// </summary>
    public int MaximumWatchers { get; set; } = 2 * NodeRegistry.MaximumNodes;
}
