using Veltrix.Configuration;

namespace Veltrix.Config.Store;

/// <summary>A version that has no number yet.</summary>
public sealed record VersionDraft(PlatformConfiguration Configuration, string Author, string Reason);
