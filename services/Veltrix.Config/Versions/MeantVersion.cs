using Veltrix.Configuration;

namespace Veltrix.Config.Versions;

/// <summary>The version that a node should run.</summary>
/// <param name="Version">The version.</param>
/// <param name="IsCandidate">Whether a rollout only tries it.</param>
public readonly record struct MeantVersion(ConfigurationVersion Version, bool IsCandidate);
