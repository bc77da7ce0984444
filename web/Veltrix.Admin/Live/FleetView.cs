using Veltrix.Configuration;

namespace Veltrix.Admin.Live;

/// <summary>The running nodes at one moment, and the last minutes of their services.</summary>
public sealed record FleetView(
    IReadOnlyList<NodeState> Nodes,
    IReadOnlyList<ServiceState> Services,
    IReadOnlyList<VersionMark> Marks
)
{
    public static readonly FleetView Empty = new([], [], []);
}

/// <summary>One node.</summary>
/// <param name="Report">The last that it said.</param>
/// <param name="HeardAt">When that was, by this site's clock: clocks of nodes may differ.</param>
/// <param name="IsSilent">It has said nothing new since; its rates are not counted any more.</param>
public sealed record NodeState(NodeReport Report, DateTimeOffset HeardAt, bool IsSilent)
{
    /// <summary>
    /// Whether it reports and runs something older than <paramref name="current"/>, or something else under its number. A
    /// node with a higher number is ahead only of what this site has read so far.
    /// </summary>
    public bool IsBehind(ConfigurationVersion? current) =>
        !IsSilent
        && current is not null
        && (
            Report.Version is not { } version
            || version < current.Number
            || (version == current.Number && Report.Hash != current.Hash)
        );
}

/// <summary>All nodes of a service together.</summary>
/// <param name="Service">Its name.</param>
/// <param name="Nodes">How many of its nodes report.</param>
/// <param name="Silent">How many have fallen silent.</param>
/// <param name="EventsPerSecond">Sum over the reporting nodes.</param>
/// <param name="ErrorsPerSecond">Sum over the reporting nodes.</param>
/// <param name="LatencyP50Milliseconds">Of the slowest node: percentiles of nodes cannot be added up.</param>
/// <param name="LatencyP99Milliseconds">Of the slowest node.</param>
/// <param name="Workers">Sum over the reporting nodes; null where there are none.</param>
/// <param name="History">Oldest first, one point per poll.</param>
public sealed record ServiceState(
    string Service,
    int Nodes,
    int Silent,
    double EventsPerSecond,
    double ErrorsPerSecond,
    double? LatencyP50Milliseconds,
    double? LatencyP99Milliseconds,
    int? Workers,
    IReadOnlyList<ServicePoint> History
);

/// <summary>One second of a service. Null where nothing is known: a gap in the chart, not a zero.</summary>
public sealed record ServicePoint(DateTime At, double? EventsPerSecond, double? LatencyP99Milliseconds);

/// <summary>The moment at which the first node ran on a new version of the configuration.</summary>
public sealed record VersionMark(DateTime At, int Version);
