namespace Veltrix.Configuration;

/// <summary>A Kafka cluster.</summary>
/// <param name="Name">Name of the connection string that leads to it.</param>
/// <param name="Topics">Topics that ingest and processor create when they are missing.</param>
public sealed record ClusterConfiguration(string Name, IReadOnlyList<TopicConfiguration> Topics)
{
    /// <summary>Name of the one cluster that nodes are connected to.</summary>
    public const string Served = "kafka";
}
