namespace Microsoft.Extensions.ServiceDiscovery.Http;

/// <summary>Replaces the service name in a request's address for the time of the call.</summary>
internal sealed class ResolvingHandler(ConfiguredEndpoints endpoints) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var original = request.RequestUri;
        if (original is null)
            return await base.SendAsync(request, cancellationToken);
        request.RequestUri = endpoints.Resolve(original);
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        finally
        {
            // A retry resolves anew and may go to another replica.
            request.RequestUri = original;
        }
    }
}
