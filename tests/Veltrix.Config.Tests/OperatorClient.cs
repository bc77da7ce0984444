using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Veltrix.Configuration;
using Veltrix.Configuration.History;
using Veltrix.ServiceDefaults.Security;

namespace Veltrix.Config.Tests;

/// <summary>An operator at one replica of the service. Addresses are relative to <c>/configuration/</c>.</summary>
internal sealed class OperatorClient(IConfigService service, string name = Roles.Operator) : IDisposable
{
    private readonly HttpClient _http = service.As(name);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string address,
        HttpContent? content = null,
        string? ifMatch = null
    )
    {
        using var request = new HttpRequestMessage(method, $"/configuration/{address}") { Content = content };
        // A body that is too large is refused before it is read: who sends it nevertheless finds a closed connection.
        request.Headers.ExpectContinue = content is not null;
        // What takes effect at once says what it follows; most tests know that nothing else was published.
        if (method == HttpMethod.Post && address.StartsWith("versions/", StringComparison.Ordinal))
            ifMatch ??= "*";
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return await _http.SendAsync(request, Cancellation);
    }

    public Task<HttpResponseMessage> PostAsync(string address, string? ifMatch = null) =>
        SendAsync(HttpMethod.Post, address, ifMatch: ifMatch);

    public Task<HttpResponseMessage> ProposeAsync(
        string body,
        string? ifMatch = null,
        string mediaType = "application/json"
    ) =>
        SendAsync(HttpMethod.Post, "proposals?reason=Test", new StringContent(body, Encoding.UTF8, mediaType), ifMatch);

    public Task<HttpResponseMessage> PatchAsync(string patch, string? ifMatch = null) =>
        ProposeAsync(patch, ifMatch, MergePatch.MediaType);

    /// <summary>Proposes another number of workers.</summary>
    public async Task<Proposal> MustProposeAsync(int workers)
    {
        using var response = await PatchAsync($$$"""{"processor":{"workers":{{{workers}}}}}""");
        ((int)response.StatusCode).ShouldBe(201);
        return await ReadAsync(response, HistoryJson.Default.Proposal);
    }

    /// <summary>Does an act that must succeed.</summary>
    public async Task MustAsync(string address, HttpMethod? method = null)
    {
        using var response = await SendAsync(method ?? HttpMethod.Post, address);
        response.IsSuccessStatusCode.ShouldBeTrue(await response.Content.ReadAsStringAsync(Cancellation));
    }

    public async Task<T> GetAsync<T>(string address, JsonTypeInfo<T> type)
    {
        using var response = await SendAsync(HttpMethod.Get, address);
        ((int)response.StatusCode).ShouldBe(200);
        return await ReadAsync(response, type);
    }

    public Task<HistoryVerdict> VerifyAsync() => GetAsync("verify", HistoryJson.Default.HistoryVerdict);

    /// <summary>The audit, oldest first.</summary>
    public async Task<IReadOnlyList<AuditEntry>> AuditAsync() =>
        [.. (await GetAsync("audit?limit=200", HistoryJson.Default.IReadOnlyListAuditEntry)).Reverse()];

    public async Task<byte[]> ExportAsync(int number)
    {
        using var response = await SendAsync(HttpMethod.Get, $"versions/{number}/document");
        ((int)response.StatusCode).ShouldBe(200);
        return await response.Content.ReadAsByteArrayAsync(Cancellation);
    }

    public static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type) =>
        (await response.Content.ReadFromJsonAsync(type, Cancellation))!;

    public static string Json(PlatformConfiguration configuration) =>
        JsonSerializer.Serialize(configuration, ConfigurationJson.Default.PlatformConfiguration);

    public void Dispose() => _http.Dispose();
}
