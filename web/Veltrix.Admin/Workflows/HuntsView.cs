using Veltrix.Admin.Clients;

namespace Veltrix.Admin.Workflows;

/// <summary>One page of hunts for one address.</summary>
/// <param name="State">Only hunts of this state; null for all.</param>
/// <param name="Before">Cursor of the page; null for the newest.</param>
/// <param name="Hunts">Newest first.</param>
/// <param name="Older">Cursor of the next page; null on the last.</param>
/// <param name="Problem">What stood in the way.</param>
public sealed record HuntsView(
    string? State,
    string? Before,
    IReadOnlyList<Hunt> Hunts,
    string? Older,
    Problem? Problem
)
{
    /// <summary>Hunts on one page.</summary>
    public const int PageSize = 25;

    internal static async Task<HuntsView> LoadAsync(
        ProcessorClient client,
        string? state,
        string? before,
        CancellationToken cancellation
    )
    {
        // One more than is shown tells whether there is another page.
        var answer = await client.HuntsAsync(state, before, PageSize + 1, cancellation);
        var hunts = answer.Value ?? [];
        return new HuntsView(
            state,
            before,
            [.. hunts.Take(PageSize)],
            hunts.Count > PageSize ? Cursor(hunts[PageSize - 1]) : null,
            answer.Problem
        );
    }

    private static string Cursor(Hunt last) => last.HuntId;
}
