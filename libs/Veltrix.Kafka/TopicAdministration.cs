using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Veltrix.Configuration;

namespace Veltrix.Kafka;

/// <summary>Topics on the brokers as the configuration wants them.</summary>
public static class TopicAdministration
{
    /// <summary>Creates the topics that are missing, with the settings of the configuration.</summary>
    /// <param name="admin">Where they should be.</param>
    /// <param name="topics">What they should be like.</param>
    /// <param name="limit">How long the request may take.</param>
    /// <returns>What became of each; a topic that the broker refuses does not keep the others from being made.</returns>
    /// <exception cref="KafkaException">The broker did not answer in time.</exception>
    public static async Task<TopicCreation> CreateMissingAsync(
        this IAdminClient admin,
        IReadOnlyCollection<TopicConfiguration> topics,
        TimeSpan limit
    )
    {
        ArgumentNullException.ThrowIfNull(admin);
        ArgumentNullException.ThrowIfNull(topics);
        if (topics.Count == 0)
            return new([], [], []);
        var options = new CreateTopicsOptions { RequestTimeout = limit, OperationTimeout = limit };
        try
        {
            await admin.CreateTopicsAsync(topics.Select(Specification), options);
            return new([.. topics.Select(topic => topic.Name)], [], []);
        }
        catch (CreateTopicsException partly)
        {
            return TopicCreation.Of(partly.Results);
        }
    }

    /// <summary>
    /// Gives topics that are there the settings of the configuration. Other settings of theirs stay, and so do partitions
    /// and copies: more partitions would send keys elsewhere.
    /// </summary>
    /// <param name="admin">Where they are.</param>
    /// <param name="topics">What they should be like.</param>
    /// <param name="limit">How long each of the two requests may take.</param>
    /// <returns>Names of the topics whose settings were others.</returns>
    /// <exception cref="KafkaException">A topic is missing, the broker refused, or it did not answer in time.</exception>
    public static async Task<IReadOnlyList<string>> AlterSettingsAsync(
        this IAdminClient admin,
        IReadOnlyCollection<TopicConfiguration> topics,
        TimeSpan limit
    )
    {
        ArgumentNullException.ThrowIfNull(admin);
        ArgumentNullException.ThrowIfNull(topics);
        if (topics.Count == 0)
            return [];
        var wanted = topics.ToDictionary(topic => topic.Name, topic => topic.BrokerSettings(), StringComparer.Ordinal);
        var described = await admin.DescribeConfigsAsync(
            wanted.Keys.Select(name => new ConfigResource { Type = ResourceType.Topic, Name = name }),
            new DescribeConfigsOptions { RequestTimeout = limit }
        );
        var changes = described
            .Where(topic =>
                wanted[topic.ConfigResource.Name]
                    .Any(setting => topic.Entries.GetValueOrDefault(setting.Key)?.Value != setting.Value)
            )
            .ToDictionary(topic => topic.ConfigResource, topic => Merge(topic, wanted[topic.ConfigResource.Name]));
        if (changes.Count > 0)
            await admin.AlterConfigsAsync(changes, new AlterConfigsOptions { RequestTimeout = limit });
        return [.. changes.Keys.Select(topic => topic.Name)];
    }

    private static TopicSpecification Specification(TopicConfiguration topic) =>
        new()
        {
            Name = topic.Name,
            NumPartitions = topic.Partitions,
            ReplicationFactor = (short)topic.ReplicationFactor,
            Configs = topic.BrokerSettings(),
        };

    // AlterConfigs replaces everything that was ever set on a topic, so that has to be sent again. IncrementalAlterConfigs
    // would not, but Confluent.Kafka 1.9 does not have it.
    private static List<ConfigEntry> Merge(DescribeConfigsResult topic, Dictionary<string, string> wanted) =>
        [
            .. topic
                .Entries.Values.Where(entry =>
                    entry.Source == ConfigSource.DynamicTopicConfig && !wanted.ContainsKey(entry.Name)
                )
                .Select(entry => new ConfigEntry { Name = entry.Name, Value = entry.Value })
                .Concat(wanted.Select(setting => new ConfigEntry { Name = setting.Key, Value = setting.Value })),
        ];
}
