using System.Text;
using System.Text.Json;
using Veltrix.Admin.Live;
using Veltrix.Configuration;

namespace Veltrix.Admin.Clients;

/// <summary>The configuration service.</summary>
internal sealed class ConfigClient(HttpClient http, IRequestKey key) : ServiceClient(http, key)
{
    private const int MinutesOfADay = 24 * 60;

    public Task<Answer<ConfigurationVersion>> CurrentAsync(CancellationToken cancellation) =>
        GetAsync<ConfigurationVersion>("configuration", cancellation);

    public Task<Answer<ConfigurationVersion>> VersionAsync(int number, CancellationToken cancellation) =>
        GetAsync<ConfigurationVersion>(Invariant($"configuration/versions/{number}"), cancellation);

    /// <summary>Versions below <paramref name="before"/>, newest first.</summary>
    public Task<Answer<IReadOnlyList<ConfigurationVersion>>> HistoryAsync(
        int? before,
        int limit,
        CancellationToken cancellation
    ) => GetAsync<IReadOnlyList<ConfigurationVersion>>($"configuration/versions{PageOf(before, limit)}", cancellation);

    public Task<Answer<IReadOnlyList<NodeReport>>> NodesAsync(CancellationToken cancellation) =>
        GetAsync<IReadOnlyList<NodeReport>>("nodes", cancellation);

    public Task<Answer<IReadOnlyList<FleetNode>>> FleetAsync(CancellationToken cancellation) =>
        GetAsync<IReadOnlyList<FleetNode>>("fleet", cancellation);

    /// <summary>The node's last reports, oldest first.</summary>
    public Task<Answer<IReadOnlyList<NodePoint>>> ReportsAsync(string node, CancellationToken cancellation) =>
        PointsAsync<ReceivedReport>(
            Invariant($"fleet/{Uri.EscapeDataString(node)}/reports?limit={Fleet.MaximumPoints}"),
            NodePoint.Of,
            cancellation
        );

    /// <summary>The node's minutes from a moment on, oldest first; at most those of a day.</summary>
    public Task<Answer<IReadOnlyList<NodePoint>>> MinutesAsync(
        string node,
        DateTimeOffset from,
        CancellationToken cancellation
    ) =>
        PointsAsync<NodeMinute>(
            Invariant(
                $"fleet/{Uri.EscapeDataString(node)}/history?from={from.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}&limit={MinutesOfADay}"
            ),
            NodePoint.Of,
            cancellation
        );

    /// <summary>Publishes a document as it was written, so that the service judges it and not this site.</summary>
    /// <param name="document">JSON of the configuration.</param>
    /// <param name="reason">Why.</param>
    /// <param name="basedOn">The version that the change was made from; the service refuses when it is no longer the current one.</param>
    /// <param name="cancellation">Stops waiting; the version may be published all the same.</param>
    public Task<Answer<ConfigurationVersion>> PublishAsync(
        JsonElement document,
        string reason,
        int basedOn,
        CancellationToken cancellation
    )
    {
        var body = JsonSerializer.Serialize(new { reason, configuration = document });
        var request = new HttpRequestMessage(HttpMethod.Post, "configuration/versions")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.IfMatch.Add(new(Invariant($"\"{basedOn}\"")));
        return SendAsync<ConfigurationVersion>(request, cancellation);
    }

    private async Task<Answer<IReadOnlyList<NodePoint>>> PointsAsync<T>(
        string address,
        Func<T, NodePoint> point,
        CancellationToken cancellation
    )
    {
        var answer = await GetAsync<IReadOnlyList<T>>(address, cancellation);
        if (!answer.IsSuccess)
            return answer.Problem;
        var points = answer.Value.Select(point).Reverse().ToList();
        return points;
    }
}
