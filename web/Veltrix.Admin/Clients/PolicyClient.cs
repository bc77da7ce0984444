using Veltrix.Configuration.History;

namespace Veltrix.Admin.Clients;

/// <summary>What stands in the way of publications.</summary>
internal sealed class PolicyClient(HttpClient http, IRequestKey key) : ServiceClient(http, key)
{
    private const string Pins = "configuration/pins";

    public Task<Answer<PublicationPolicy>> PolicyAsync(CancellationToken cancellation) =>
        GetAsync<PublicationPolicy>("configuration/policy", cancellation);

    public Task<Answer<PublicationPolicy>> FreezeAsync(bool isFrozen, string reason, CancellationToken cancellation) =>
        SendAsync<PublicationPolicy>(
            Act(isFrozen ? "configuration/freeze" : "configuration/unfreeze", reason),
            cancellation
        );

    public Task<Answer<PublicationPolicy>> RequireFourEyesAsync(
        bool isRequired,
        string reason,
        CancellationToken cancellation
    ) =>
        SendAsync<PublicationPolicy>(
            Act("configuration/four-eyes", reason, ("required", isRequired ? "true" : "false")),
            cancellation
        );

    public Task<Answer<Pin>> PinAsync(string path, string reason, CancellationToken cancellation) =>
        SendAsync<Pin>(Act(Pins, reason, ("path", path)), cancellation);

    public Task<Answer<Pin>> UnpinAsync(string path, string reason, CancellationToken cancellation)
    {
        var request = Act(Pins, reason, ("path", path));
        request.Method = HttpMethod.Delete;
        return SendAsync<Pin>(request, cancellation);
    }
}
