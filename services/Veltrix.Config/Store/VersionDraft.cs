using Veltrix.Configuration;

namespace Veltrix.Config.Store;

/// <summary>A version that has no number yet.</summary>
/// <param name="Configuration">The document.</param>
/// <param name="Author">Name of the key that made it.</param>
/// <param name="Reason">Why.</param>
/// <param name="Proposal">The proposal that it comes from; null when it comes without one.</param>
/// <param name="IsExplained">Whether whoever publishes it says why; else the reason is only the proposal's.</param>
public sealed record VersionDraft(
    PlatformConfiguration Configuration,
    string Author,
    string Reason,
    StoredProposal? Proposal = null,
    bool IsExplained = true
);
