using Veltrix.Admin.Clients;
using Veltrix.Configuration;

namespace Veltrix.Admin.Configurations;

/// <summary>What the configuration page shows for one address.</summary>
/// <param name="Wanted">Number in the address; null for the current one.</param>
/// <param name="Before">Start of the page of the history; null for the newest.</param>
/// <param name="Current">The version in force.</param>
/// <param name="Shown">The version that is looked at.</param>
/// <param name="History">One page, newest first.</param>
/// <param name="HasOlder">There are versions below this page.</param>
/// <param name="Problem">What stood in the way.</param>
public sealed record ConfigurationView(
    int? Wanted,
    int? Before,
    ConfigurationVersion? Current,
    ConfigurationVersion? Shown,
    IReadOnlyList<ConfigurationVersion> History,
    bool HasOlder,
    Problem? Problem
)
{
    /// <summary>Versions on one page of the history.</summary>
    public const int PageSize = 12;

    /// <summary>Whether the version that is looked at is the one in force.</summary>
    public bool ShowsCurrent => Shown?.Number == Current?.Number;

    /// <summary>Where the page of older versions begins; null when there are none.</summary>
    public int? OlderBefore => HasOlder ? History[^1].Number : null;

    /// <summary>Whether there are versions above this page.</summary>
    public bool HasNewer => Before is not null && Current is not null && Before <= Current.Number;

    /// <summary>Where the page of newer versions begins: numbers have no gaps. Null for the newest page.</summary>
    public int? NewerBefore => Before + PageSize > Current?.Number ? null : Before + PageSize;

    internal static async Task<ConfigurationView> LoadAsync(
        ConfigClient client,
        int? wanted,
        int? before,
        CancellationToken cancellation
    )
    {
        // One more than is shown tells whether there is another page.
        var reading = client.HistoryAsync(before, PageSize + 1, cancellation);
        var current = await client.CurrentAsync(cancellation);
        var shown =
            wanted is null || wanted == current.Value?.Number
                ? current
                : await client.VersionAsync(wanted.Value, cancellation);
        var history = await reading;
        var versions = history.Value ?? [];
        return new ConfigurationView(
            wanted,
            before,
            current.Value,
            shown.Value,
            [.. versions.Take(PageSize)],
            versions.Count > PageSize,
            current.Problem ?? shown.Problem ?? history.Problem
        );
    }
}
