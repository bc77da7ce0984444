using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Veltrix.Configuration.Diagnoses;

namespace Veltrix.Kafka;

/// <summary>Looks at what there is on the brokers, for the doctor.</summary>
public static class TopologyReading
{
    /// <summary>Reads brokers and topics; which event types have a handler is no broker's knowledge.</summary>
    /// <param name="admin">Where to look.</param>
    /// <param name="limit">How long each of the two requests may take.</param>
    /// <remarks>The client library blocks for the first of them.</remarks>
    /// <exception cref="KafkaException">The broker did not answer in time.</exception>
    public static async Task<Topology> ReadTopologyAsync(this IAdminClient admin, TimeSpan limit)
    {
        ArgumentNullException.ThrowIfNull(admin);
        var metadata = admin.GetMetadata(limit);
        // Names that begin with "__" belong to Kafka itself.
        var topics = metadata.Topics.FindAll(topic =>
            !topic.Error.IsError && !topic.Topic.StartsWith("__", StringComparison.Ordinal)
        );
        var settings = await SettingsAsync(admin, topics.ConvertAll(topic => topic.Topic), limit);
        return new Topology(metadata.Brokers.Count, topics.ConvertAll(topic => Of(topic, settings[topic.Topic])));
    }

    private static TopicTopology Of(TopicMetadata topic, Dictionary<string, ConfigEntryResult> settings)
    {
        var unread = new TopicTopology(topic.Topic, topic.Partitions.Count);
        return unread with
        {
            ReplicationFactor = topic.Partitions.Min(partition => partition.Replicas.Length),
            MinimumInsyncReplicas = (int)(Number(settings, "min.insync.replicas") ?? unread.MinimumInsyncReplicas),
            CleanupPolicy = Text(settings, "cleanup.policy") ?? unread.CleanupPolicy,
            RetentionMilliseconds = Number(settings, "retention.ms"),
            RetentionBytes = Number(settings, "retention.bytes") ?? unread.RetentionBytes,
            MaximumMessageBytes = Number(settings, "max.message.bytes") ?? unread.MaximumMessageBytes,
            UncleanLeaderElection = Text(settings, "unclean.leader.election.enable") == "true",
        };
    }

    private static string? Text(Dictionary<string, ConfigEntryResult> settings, string name) =>
        settings.GetValueOrDefault(name)?.Value;

    private static long? Number(Dictionary<string, ConfigEntryResult> settings, string name) =>
        long.TryParse(Text(settings, name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static async Task<Dictionary<string, Dictionary<string, ConfigEntryResult>>> SettingsAsync(
        IAdminClient admin,
        List<string> topics,
        TimeSpan limit
    )
    {
        if (topics.Count == 0)
            return [];
        var described = await admin.DescribeConfigsAsync(
            topics.Select(topic => new ConfigResource { Type = ResourceType.Topic, Name = topic }),
            new DescribeConfigsOptions { RequestTimeout = limit }
        );
        return described.ToDictionary(
            topic => topic.ConfigResource.Name,
            topic => topic.Entries,
            StringComparer.Ordinal
        );
    }
}
