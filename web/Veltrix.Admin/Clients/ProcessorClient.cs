using System.Globalization;

namespace Veltrix.Admin.Clients;

/// <summary>The processor's read side: sagas and the leaderboard.</summary>
internal sealed class ProcessorClient(HttpClient http, IRequestKey key) : ServiceClient(http, key)
{
    /// <summary>Hunts, newest first.</summary>
    /// <param name="state">Only of this state.</param>
    /// <param name="before">Cursor: only what comes after this one in the list.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public Task<Answer<IReadOnlyList<Hunt>>> HuntsAsync(
        string? state,
        string? before,
        int limit,
        CancellationToken cancellation
    )
    {
        var query = QueryString.Create("limit", limit.ToString(CultureInfo.InvariantCulture));
        if (!string.IsNullOrEmpty(state))
            query = query.Add("state", state);
        if (!string.IsNullOrEmpty(before))
            query = query.Add("before", before);
        return GetAsync<IReadOnlyList<Hunt>>($"workflows/hunts{query}", cancellation);
    }

    public Task<Answer<HuntDetail>> HuntAsync(string huntId, CancellationToken cancellation) =>
        GetAsync<HuntDetail>($"workflows/hunts/{Uri.EscapeDataString(huntId)}", cancellation);

    /// <summary>How many hunts are in each state.</summary>
    public Task<Answer<IReadOnlyDictionary<string, long>>> SummaryAsync(CancellationToken cancellation) =>
        GetAsync<IReadOnlyDictionary<string, long>>("workflows/summary", cancellation);

    public Task<Answer<IReadOnlyList<Standing>>> LeaderboardAsync(CancellationToken cancellation) =>
        GetAsync<IReadOnlyList<Standing>>("leaderboard?limit=10", cancellation);
}
