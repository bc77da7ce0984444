using System.Net.ServerSentEvents;
using System.Text.Json;
using Veltrix.Configuration;
using Veltrix.ServiceDefaults.Security;

namespace Veltrix.Config.Tests;

/// <summary>A client of the watch.</summary>
internal sealed class Watcher : IDisposable
{
    private readonly HttpClient _client;
    private readonly HttpResponseMessage _response;
    private readonly Stream _stream;
    private IAsyncEnumerator<SseItem<string>>? _events;

    private Watcher(HttpClient client, HttpResponseMessage response, Stream stream) =>
        (_client, _response, _stream) = (client, response, stream);

    public int Status => (int)_response.StatusCode;

    public static async Task<Watcher> OpenAsync(Replica replica, string query = "", string? lastEventId = null)
    {
        var client = replica.As(Roles.Node);
        client.Timeout = Timeout.InfiniteTimeSpan;
        if (lastEventId is not null)
            client.DefaultRequestHeaders.Add("Last-Event-ID", lastEventId);
        var response = await client.GetAsync(
            $"/configuration/watch{query}",
            HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken
        );
        return new(client, response, await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Whether a rollout tries the version that came last.</summary>
    public bool IsCandidate { get; private set; }

    public StreamReader Lines() => new(_stream);

    /// <summary>The next version, or null at the end of the stream.</summary>
    public async Task<ConfigurationVersion?> NextAsync()
    {
        _events ??= SseParser
            .Create(_stream)
            .EnumerateAsync(TestContext.Current.CancellationToken)
            .GetAsyncEnumerator();
        if (!await _events.MoveNextAsync())
            return null;
        var version = JsonSerializer.Deserialize(_events.Current.Data, ConfigurationJson.Default.ConfigurationVersion)!;
        _events.Current.EventType.ShouldBeOneOf("version", "candidate");
        IsCandidate = _events.Current.EventType == "candidate";
        _events.Current.EventId.ShouldBe($"{version.Number}");
        return version;
    }

    public void Dispose()
    {
        _response.Dispose();
        _client.Dispose();
    }
}
