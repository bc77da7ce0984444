using Veltrix.Configuration;

namespace Veltrix.Config.Nodes;

/// <summary>What this replica heard of a node within a minute that is over.</summary>
/// <param name="Node">Name of the node.</param>
/// <param name="Service">Name of its service.</param>
/// <param name="Part">Names this part of the minute: a node may report to several replicas, and a write may be repeated after its answer got lost.</param>
/// <param name="Summary">The sums.</param>
internal sealed record EndedMinute(string Node, string Service, Guid Part, NodeMinute Summary);
