using System.Net.Http.Json;
using Veltrix.Configuration.Rollouts;

namespace Veltrix.Admin.Clients;

/// <summary>The configuration service's rollouts.</summary>
internal sealed class RolloutClient(HttpClient http, IRequestKey key) : ServiceClient(http, key)
{
    private const string Root = "rollouts";

    /// <summary>Rollouts below <paramref name="before"/>, newest first.</summary>
    public Task<Answer<IReadOnlyList<Rollout>>> ListAsync(int? before, int limit, CancellationToken cancellation) =>
        GetAsync<IReadOnlyList<Rollout>>($"{Root}{PageOf(before, limit)}", cancellation);

    public Task<Answer<Rollout>> RolloutAsync(int number, CancellationToken cancellation) =>
        GetAsync<Rollout>(Invariant($"{Root}/{number}"), cancellation);

    public Task<Answer<Rollout>> StartAsync(RolloutRequest request, CancellationToken cancellation) =>
        SendAsync<Rollout>(
            new HttpRequestMessage(HttpMethod.Post, Root)
            {
                Content = JsonContent.Create(request, RolloutJson.Default.RolloutRequest),
            },
            cancellation
        );

    /// <param name="number">The rollout.</param>
    /// <param name="act"><c>pause</c>, <c>resume</c> or <c>abort</c>.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellation">Stops waiting; the act may be done all the same.</param>
    public Task<Answer<Rollout>> ActAsync(int number, string act, string reason, CancellationToken cancellation) =>
        SendAsync<Rollout>(Act(Invariant($"{Root}/{number}/{act}"), reason), cancellation);
}
