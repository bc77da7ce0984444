using Veltrix.Conformance.Tests.Wire;
using Veltrix.Testing;

namespace Veltrix.Conformance.Tests;

/// <summary>
/// A connection and a topic of its own for each test, at the broker or at another Kafka (VELTRIX_TEST_KAFKA), and a client that
/// follows the protocol's description and nothing else.
/// </summary>
public abstract class WireScenario(int partitions = 1) : IAsyncLifetime
{
    private readonly List<WireClient> _clients = [];
    private readonly Dictionary<short, (short First, short Last)> _announced = [];
    private string _servers = "";

    private protected WireClient Client { get; private set; } = null!;

    /// <summary>A name that nothing else has; the topic is called so, too.</summary>
    private protected string Name { get; } = $"wire-{Guid.NewGuid():N}";

    public async ValueTask InitializeAsync()
    {
        _servers = await Servers.KafkaAsync();
        Client = await ConnectAsync();
        await Client.CreateTopicAsync(Name, partitions);
        foreach (var api in (await Client.SendAsync("ApiVersions", 0, [])).List("apiKeys"))
            _announced[api.Get<short>("apiKey")] = (api.Get<short>("minVersion"), api.Get<short>("maxVersion"));
    }

    public ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
            client.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>One more connection, for what must not wait behind the first.</summary>
    private protected async Task<WireClient> ConnectAsync()
    {
        var client = await WireClient.ConnectAsync(_servers);
        _clients.Add(client);
        return client;
    }

    /// <summary>The versions that both sides know; ours must know all of these.</summary>
    private protected IEnumerable<short> Versions(string api, short first, short last)
    {
        var announced = _announced[WireProtocol.Api(api).Key];
        announced.Last.ShouldBeGreaterThanOrEqualTo(last, api);
        for (var version = Math.Max(first, announced.First); version <= last; version++)
            yield return version;
    }

    /// <summary>The version that is nearest to another request's.</summary>
    private protected short Nearest(string api, short version, short last) =>
        Math.Max(_announced[WireProtocol.Api(api).Key].First, Math.Min(version, last));
}
