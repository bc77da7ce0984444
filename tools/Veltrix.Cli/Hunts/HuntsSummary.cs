namespace Veltrix.Cli.Hunts;

/// <summary>How the hunts ended.</summary>
/// <param name="Hunts">Hunts played.</param>
/// <param name="Completed">Hunts whose treasure was claimed.</param>
/// <param name="Abandoned">Hunts that were given up.</param>
/// <param name="TimedOut">Hunts whose deadline passed.</param>
/// <param name="Unfinished">Hunts in no end state when patience ended, or unknown to the processor.</param>
/// <param name="Events">Events that belong to them.</param>
/// <param name="Accepted">Events that ingest acknowledged.</param>
/// <param name="Source">CloudEvents source of the events.</param>
internal sealed record HuntsSummary(
    int Hunts,
    int Completed,
    int Abandoned,
    int TimedOut,
    int Unfinished,
    long Events,
    long Accepted,
    string Source
);
