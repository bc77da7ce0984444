namespace Veltrix.Cli.Watchers;

/// <summary>What a part of a run cost. In contrast to times, it does not depend on what else the machine does.</summary>
/// <param name="Seconds">How long the part lasted.</param>
/// <param name="NodesMilliseconds">Processor time of the simulated nodes, all of them together.</param>
/// <param name="ServiceMilliseconds">Processor time of the given process; null when none was given.</param>
/// <param name="Reports">Reports that were answered meanwhile.</param>
internal sealed record Cost(double Seconds, double NodesMilliseconds, double? ServiceMilliseconds, long Reports);
