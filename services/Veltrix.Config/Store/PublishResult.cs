using Veltrix.Configuration;

namespace Veltrix.Config.Store;

/// <summary>What became of a publication: exactly one of the two.</summary>
public abstract record PublishResult
{
    private PublishResult() { }

    /// <summary>It is stored, and in force.</summary>
    public sealed record Published(ConfigurationVersion Version) : PublishResult;

    /// <summary>It was made from another version than the current one; nothing was stored.</summary>
    public sealed record Stale(int? CurrentNumber) : PublishResult;
}
