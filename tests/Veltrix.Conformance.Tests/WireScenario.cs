using Veltrix.Conformance.Tests.Wire;
using Veltrix.Testing;

namespace Veltrix.Conformance.Tests;

/// <summary>A connection and a topic of its own for each test, at the broker or at another Kafka (VELTRIX_TEST_KAFKA).</summary>
public abstract class WireScenario : IAsyncLifetime
{
    private readonly List<WireClient> _clients = [];
    private string _servers = "";

    private protected WireClient Client { get; private set; } = null!;

    /// <summary>A name that nothing else has; the topic is called so, too.</summary>
    private protected string Name { get; } = $"wire-{Guid.NewGuid():N}";

    public async ValueTask InitializeAsync()
    {
        _servers = await Servers.KafkaAsync();
        Client = await ConnectAsync();
        await Client.CreateTopicAsync(Name);
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
}
