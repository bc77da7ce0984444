using Veltrix.Configuration.Capacity;

namespace Veltrix.Configuration.Options;

internal static class ClusterOptions
{
    public static readonly IReadOnlyList<OptionDescriptor> All =
    [
        new("clusters", "list", OptionRange.Of(ConfigurationLimits.Clusters), "Kafka clusters and the topics on them.")
        {
            Throughput = "Each cluster brings its own brokers.",
            Example = "[{ \"name\": \"kafka\", \"topics\": [{ \"name\": \"hunts\", \"partitions\": 6 }] }]",
        },
        new(
            "clusters[].name",
            "name",
            null,
            $"Name of the connection string that leads to the cluster; nodes are given the one named {ClusterConfiguration.Served}, and the doctor refuses another."
        )
        {
            Loss =
                "Events for topics of another cluster are refused with 503, and what waits in topics that move there is handled by nobody.",
            Example = "\"kafka\"",
        },
        new(
            "clusters[].topics",
            "list",
            OptionRange.Of(ConfigurationLimits.Topics),
            "Topics that are created where they are missing."
        )
        {
            Memory = "Each partition costs the broker file descriptors and buffers.",
            Example = "[{ \"name\": \"hunts\", \"partitions\": 6 }]",
        },
        new(
            "clusters[].topics[].name",
            "name",
            null,
            "Name of the topic, 1 to 249 of a-z, A-Z, 0-9, full stop, underscore and hyphen."
        )
        {
            Example = "\"hunts\"",
        },
        new(
            "clusters[].topics[].partitions",
            "partitions",
            OptionRange.Of(ConfigurationLimits.Partitions),
            "Number of partitions; taken when the topic is created."
        )
        {
            Latency = "More partitions make smaller batches, so each record costs more.",
            Throughput = "At most this many processor nodes share the topic.",
            Memory =
                $"{ServiceTimes.DescriptorsOfPartition} file descriptors of the broker per partition and copy, and one buffer of the producer.",
            Loss = "No loss, but another number sends keys to other partitions and ends their order.",
            Example = "12",
        },
        new(
            "clusters[].topics[].replicationFactor",
            "copies",
            OptionRange.Of(ConfigurationLimits.ReplicationFactor),
            "Copies of each partition, taken when the topic is created; -1 leaves it to the broker, 0 is refused."
        )
        {
            Latency = "With acks=all each copy in sync must answer first.",
            Throughput = "Every copy is written and sent over the network once more.",
            Memory = "Disk: bytes times copies.",
            Loss = "With one copy a lost disk is lost events.",
            Example = "3",
        },
        new(
            "clusters[].topics[].minimumInsyncReplicas",
            "copies",
            OptionRange.Of(ConfigurationLimits.MinimumInsyncReplicas),
            "Copies that must have a record before it is acknowledged; 0 leaves it to the broker."
        )
        {
            Latency = "A write waits for the slowest of them.",
            Loss = "With 1, acks=all may mean a single copy.",
            Example = "2",
        },
        new(
            "clusters[].topics[].retentionHours",
            "hours",
            OptionRange.Of(ConfigurationLimits.RetentionHours),
            "After how many hours the broker may delete records, handled or not."
        )
        {
            Memory = "Disk: bytes per second times this time.",
            Loss = "Events that are older than this before a processor reads them are lost.",
            Example = "336",
        },
    ];
}
