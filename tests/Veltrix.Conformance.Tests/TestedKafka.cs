using Veltrix.Conformance.Tests.Wire;
using Veltrix.Testing;

namespace Veltrix.Conformance.Tests;

/// <summary>Who is asked: the same expectations hold for both.</summary>
public enum TestedKafka
{
    /// <summary>Our broker, or what VELTRIX_TEST_KAFKA names.</summary>
    Veltrix,

    /// <summary>A node of the real one; skipped where a machine lacks it.</summary>
    Apache,
}

internal static class TestedKafkas
{
    private const short AddPartitionsToTxn = 24;

    public static Task<string> ServersAsync(this TestedKafka kafka) =>
        kafka == TestedKafka.Apache ? ApacheKafka.ServersAsync() : Servers.KafkaAsync();

    /// <summary>Like <see cref="ServersAsync"/>, but skips the test while the broker announces no transactions.</summary>
    public static async Task<string> TransactionalServersAsync(this TestedKafka kafka)
    {
        var servers = await kafka.ServersAsync();
        using var client = await WireClient.ConnectAsync(servers);
        var announced = await client.SendAsync("ApiVersions", 0, []);
        if (!announced.List("apiKeys").Exists(api => api.Get<short>("apiKey") == AddPartitionsToTxn))
            Assert.Skip("The broker announces no transactions.");
        return servers;
    }
}
