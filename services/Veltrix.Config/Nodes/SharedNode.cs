namespace Veltrix.Config.Nodes;

/// <summary>What one replica tells the others about a node that reports to it; a row of <c>fleet_nodes</c>.</summary>
/// <param name="Node">Name of the node.</param>
/// <param name="Service">Name of its service.</param>
/// <param name="SeenAt">When its last report came in, by the database's clock; given by the database.</param>
/// <param name="AgeSeconds">How long ago that was. A duration, because the replicas' clocks may differ.</param>
/// <param name="Condition">How it stands, if it is not silent; name of a <see cref="Configuration.NodeCondition"/>.</param>
/// <param name="Since">Since when, by the <see cref="FleetClock"/>.</param>
/// <param name="Detail">That in a sentence.</param>
/// <param name="Report">Its last report as JSON.</param>
internal sealed record SharedNode(
    string Node,
    string Service,
    DateTimeOffset SeenAt,
    double AgeSeconds,
    string Condition,
    DateTimeOffset Since,
    string Detail,
    string Report
);
