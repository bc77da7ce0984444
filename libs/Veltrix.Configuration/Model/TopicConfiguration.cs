using System.Globalization;

namespace Veltrix.Configuration;

/// <summary>A topic. Partitions and copies are only taken when it is created; the other settings are given to one that is there, too.</summary>
/// <param name="Name">Name, 1 to 249 of a-z, A-Z, 0-9, '.', '_', '-'.</param>
/// <param name="Partitions">Number of partitions, 1 to 1000.</param>
/// <param name="ReplicationFactor">Copies of each partition; <see cref="BrokerDefault"/> leaves it to the broker.</param>
/// <param name="MinimumInsyncReplicas">Copies that must have a record before it is acknowledged; 0 leaves it to the broker.</param>
/// <param name="RetentionHours">After how many hours the broker may delete records.</param>
public sealed record TopicConfiguration(
    string Name,
    int Partitions,
    int ReplicationFactor = TopicConfiguration.BrokerDefault,
    int MinimumInsyncReplicas = 0,
    int RetentionHours = 168
)
{
    /// <summary>The replication factor that leaves the number to the broker, as in Kafka's protocol.</summary>
    public const int BrokerDefault = -1;

    /// <summary>The topic's settings in Kafka's own names; what is left to the broker is left out.</summary>
    public Dictionary<string, string> BrokerSettings()
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["retention.ms"] = (RetentionHours * 3_600_000L).ToString(CultureInfo.InvariantCulture),
        };
        if (MinimumInsyncReplicas > 0)
            settings["min.insync.replicas"] = MinimumInsyncReplicas.ToString(CultureInfo.InvariantCulture);
        return settings;
    }
}
