using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>The health checks of a project's replica, asked at the replica's own port.</summary>
internal sealed class HttpProbe : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false })
    {
        Timeout = TimeSpan.FromSeconds(5),
    };

    public async Task<bool> IsHealthyAsync(
        IReadOnlyList<HttpHealthCheckAnnotation> checks,
        IReadOnlyDictionary<string, int> ports,
        CancellationToken cancellation
    )
    {
        foreach (var check in checks)
        {
            if (!ports.TryGetValue(check.Endpoint.EndpointName, out var port))
                return false;
            try
            {
                using var response = await _client.GetAsync(
                    new UriBuilder("http", "127.0.0.1", port, check.Path).Uri,
                    HttpCompletionOption.ResponseHeadersRead,
                    cancellation
                );
                if ((int)response.StatusCode != check.StatusCode)
                    return false;
            }
            catch (HttpRequestException)
            {
                return false;
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return false;
            }
        }
        return true;
    }

    public void Dispose() => _client.Dispose();
}
