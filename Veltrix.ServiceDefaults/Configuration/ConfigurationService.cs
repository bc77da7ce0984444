using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.ServiceDiscovery.Http;
using Veltrix.Configuration;

namespace Veltrix.ServiceDefaults.Configuration;

/// <summary>
/// Calls the service <c>config</c>. A client of its own with service discovery only: the resilience of the other clients
/// would cut the watch, which is open for as long as the node lives.
/// </summary>
internal sealed class ConfigurationService : IDisposable
{
    private static readonly TimeSpan ReportLimit = TimeSpan.FromSeconds(2);
    private readonly HttpClient _client;
    private readonly string _node;

    public ConfigurationService(
        IServiceDiscoveryHttpMessageHandlerFactory discovery,
        IConfiguration configuration,
        NodeIdentity node
    )
    {
        _node = Uri.EscapeDataString(node.Name);
        var transport = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2) };
        _client = new HttpClient(discovery.CreateHandler(transport))
        {
            BaseAddress = new Uri("http://config"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (configuration["Keys:Node"] is { Length: > 0 } key)
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>Opens the watch. The answer's body has no end.</summary>
    /// <param name="from">Number of a version; only newer ones are sent.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    public async Task<HttpResponseMessage> WatchAsync(int? from, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            from is { } number
                ? $"/configuration/watch?node={_node}&from={number}"
                : $"/configuration/watch?node={_node}"
        );
        request.Headers.Accept.ParseAdd("text/event-stream");
        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    public async Task ReportAsync(NodeReport report, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(ReportLimit);
        using var response = await _client.PostAsJsonAsync(
            "/nodes/report",
            report,
            ConfigurationJson.Default.NodeReport,
            limit.Token
        );
        response.EnsureSuccessStatusCode();
    }

    public void Dispose() => _client.Dispose();
}
