using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Veltrix.Cli.Output;
using Veltrix.Cli.Platform;
using Veltrix.Events;

namespace Veltrix.Cli.Processor;

/// <summary>Asks the processor what became of the events.</summary>
internal sealed class ProcessorClient(HttpClient client) : IDisposable
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(60);

    /// <summary>A client of the platform's processor.</summary>
    /// <param name="platform">Where it is, and the operator's key.</param>
    /// <param name="connections">How many at most.</param>
    public static ProcessorClient Of(PlatformConnection platform, int connections = 1) =>
        new(Http.Client(platform.Processor, platform.OperatorKey, connections, RequestTimeout));

    public async Task<Accounting> AccountingAsync(
        string source,
        string subjectPrefix,
        CancellationToken cancellation
    ) =>
        (
            await GetAsync(
                $"/accounting?source={Uri.EscapeDataString(source)}&subjectPrefix={Uri.EscapeDataString(subjectPrefix)}",
                CliJson.Default.Accounting,
                cancellation
            )
        )!;

    /// <summary>Null when the processor does not know the hunt.</summary>
    public Task<HuntState?> HuntAsync(string huntId, CancellationToken cancellation) =>
        GetAsync($"/workflows/hunts/{Uri.EscapeDataString(huntId)}", CliJson.Default.HuntState, cancellation);

    /// <summary>Every handled event of <paramref name="source"/>, streamed: there may be millions.</summary>
    public async IAsyncEnumerable<HandledEvent> EventsAsync(
        string source,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        using var response = await SendAsync($"/accounting/events?source={Uri.EscapeDataString(source)}", cancellation);
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        using var lines = new StreamReader(body);
        while (await lines.ReadLineAsync(cancellation) is { } line)
            if (line.Length > 0)
                yield return Parse(line);
    }

    public void Dispose() => client.Dispose();

    private static HandledEvent Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        var committedAt = document.RootElement.GetProperty("committedAt");
        return new(
            document.RootElement.GetProperty("id").GetString()!,
            committedAt.ValueKind == JsonValueKind.Null ? null : committedAt.GetInt64()
        );
    }

    private async Task<T?> GetAsync<T>(string address, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class
    {
        using var response = await SendAsync(address, cancellation);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        return await JsonSerializer.DeserializeAsync(body, type, cancellation);
    }

    private async Task<HttpResponseMessage> SendAsync(string address, CancellationToken cancellation)
    {
        var response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.NotFound)
            return response;
        using (response)
        {
            var status = (int)response.StatusCode;
            if (status >= 500)
                throw new HttpRequestException($"HTTP {status}", inner: null, response.StatusCode);
            throw Http.Refused(client.BaseAddress, status, await response.Content.ReadAsByteArrayAsync(cancellation));
        }
    }
}
