using Veltrix.Configuration;

namespace Veltrix.Cli.Fleet;

/// <summary>What <c>veltrix fleet NODE --json</c> prints.</summary>
/// <param name="Node">How the node stands now.</param>
/// <param name="Minutes">Its last minutes, newest first.</param>
internal sealed record NodeDetail(FleetNode Node, IReadOnlyList<NodeMinute> Minutes);
