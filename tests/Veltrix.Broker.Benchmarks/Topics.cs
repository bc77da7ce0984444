using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Veltrix.Broker.Benchmarks;

internal static class Topics
{
    public static void Create(string servers, string name, int partitions)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = servers }).Build();
        admin
            .CreateTopicsAsync([
                new TopicSpecification
                {
                    Name = name,
                    NumPartitions = partitions,
                    ReplicationFactor = 1,
                },
            ])
            .GetAwaiter()
            .GetResult();
    }
}
