using Veltrix.Admin.Clients;

namespace Veltrix.Admin.Components.Shared;

/// <summary>Something that a person can do on a page.</summary>
/// <param name="Name">What the button says.</param>
/// <param name="RunAsync">Does it, for the reason, which is null when none was given; answers what stood in the way.</param>
public sealed record PageAct(string Name, Func<string?, Task<Problem?>> RunAsync)
{
    /// <summary>It is not done without a reason.</summary>
    public bool NeedsReason { get; init; } = true;

    /// <summary>What the page is mainly for.</summary>
    public bool IsPrimary { get; init; }

    /// <summary>What is said when it is done; null where the page shows it by itself.</summary>
    public string? Done { get; init; }
}
