namespace Veltrix.Cli.Watchers;

/// <summary>What to simulate, and what to measure with it.</summary>
/// <param name="Nodes">Nodes, each with its own watch.</param>
/// <param name="Reports">Whether each node reports every second, and at once when it has applied a version.</param>
/// <param name="SharesProof">Whether nodes that were given the same bytes share the work of checking them.</param>
/// <param name="Publishes">Versions to publish and to measure.</param>
/// <param name="WarmUp">Versions to publish before, which are not measured.</param>
/// <param name="Pause">From the last node that has a version to the next publication.</param>
/// <param name="Drifts">Nodes that report a foreign hash, one after the other.</param>
/// <param name="Hold">How long to stay connected after all that.</param>
/// <param name="ProcessId">The process whose memory to read at the end; null for none.</param>
internal sealed record WatchersSettings(
    int Nodes,
    bool Reports,
    bool SharesProof,
    int Publishes,
    int WarmUp,
    TimeSpan Pause,
    int Drifts,
    TimeSpan Hold,
    int? ProcessId
);
