using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Veltrix.Broker.Tests;

/// <summary>Topics that a client creates as anybody does.</summary>
internal static class TestTopics
{
    public static async Task CreateAsync(
        string servers,
        string name,
        int partitions = 1,
        Dictionary<string, string>? configuration = null
    )
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = servers }).Build();
        await admin.CreateTopicsAsync([
            new TopicSpecification
            {
                Name = name,
                NumPartitions = partitions,
                ReplicationFactor = 1,
                Configs = configuration,
            },
        ]);
    }
}
