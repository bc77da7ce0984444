using Veltrix.Configuration;

namespace Veltrix.Config.Versions;

/// <summary>The candidate of the active rollout.</summary>
/// <param name="Version">The version.</param>
/// <param name="Nodes">Names of the nodes that were given it; only ever more.</param>
public sealed record StagedVersion(ConfigurationVersion Version, IReadOnlySet<string> Nodes)
{
    /// <summary>Whether nothing changed.</summary>
    public bool IsSame(StagedVersion? other) =>
        other is not null && other.Version.Number == Version.Number && other.Nodes.Count == Nodes.Count;
}
