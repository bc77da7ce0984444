using System.Text.RegularExpressions;

namespace Veltrix.Configuration.Validation;

internal static partial class ClusterRules
{
    private const string AllowedClusterName = "1 to 64 of a-z, A-Z, 0-9 and '-', beginning with a letter";
    private const string AllowedTopicName = "1 to 249 of a-z, A-Z, 0-9, '.', '_' and '-', other than \".\" and \"..\"";

    public static void Check(IReadOnlyList<ClusterConfiguration> clusters, ErrorList errors)
    {
        errors.Count("$.clusters", clusters.Count, ConfigurationLimits.Clusters);
        var topics = new List<(string Path, string Name)>();
        for (var index = 0; index < clusters.Count; index++)
            CheckCluster(clusters[index], $"$.clusters[{index}]", topics, errors);
        errors.Unique(clusters.Select((cluster, index) => ($"$.clusters[{index}].name", cluster.Name)));
        // Event types name a topic without its cluster: one name, one topic.
        errors.Unique(topics);
        CheckCollisions(topics, errors);
    }

    private static void CheckCluster(
        ClusterConfiguration cluster,
        string path,
        List<(string Path, string Name)> topics,
        ErrorList errors
    )
    {
        if (!ClusterName().IsMatch(cluster.Name))
            errors.Add($"{path}.name", $"\"{cluster.Name}\" is not the name of a cluster.", AllowedClusterName);
        errors.Count($"{path}.topics", cluster.Topics.Count, ConfigurationLimits.Topics);
        for (var index = 0; index < cluster.Topics.Count; index++)
        {
            var topic = cluster.Topics[index];
            var topicPath = $"{path}.topics[{index}]";
            topics.Add(($"{topicPath}.name", topic.Name));
            if (!TopicName().IsMatch(topic.Name))
                errors.Add($"{topicPath}.name", $"\"{topic.Name}\" is not the name of a topic.", AllowedTopicName);
            else if (topic.Name.StartsWith("__", StringComparison.Ordinal))
                errors.Add($"{topicPath}.name", "Names that begin with \"__\" belong to Kafka itself.");
            errors.Range($"{topicPath}.partitions", topic.Partitions, ConfigurationLimits.Partitions);
            CheckCopies(topic, topicPath, errors);
        }
    }

    private static void CheckCopies(TopicConfiguration topic, string path, ErrorList errors)
    {
        errors.Range($"{path}.replicationFactor", topic.ReplicationFactor, ConfigurationLimits.ReplicationFactor);
        if (topic.ReplicationFactor == 0)
            errors.Add($"{path}.replicationFactor", "A topic without a copy cannot be.", "-1, or 1 to 32");
        errors.Range(
            $"{path}.minimumInsyncReplicas",
            topic.MinimumInsyncReplicas,
            ConfigurationLimits.MinimumInsyncReplicas
        );
        errors.Range($"{path}.retentionHours", topic.RetentionHours, ConfigurationLimits.RetentionHours);
    }

    // Kafka names a topic's metrics with '_' for '.', and therefore refuses to create a.b beside a_b.
    private static void CheckCollisions(List<(string Path, string Name)> topics, ErrorList errors)
    {
        var first = new Dictionary<string, (string Path, string Name)>(StringComparer.Ordinal);
        foreach (var topic in topics)
        {
            var metric = topic.Name.Replace('.', '_');
            if (!first.TryAdd(metric, topic) && first[metric].Name != topic.Name)
                errors.Add(
                    topic.Path,
                    $"\"{topic.Name}\" collides with \"{first[metric].Name}\" at {first[metric].Path}: Kafka does not tell '.' from '_' here."
                );
        }
    }

    [GeneratedRegex(@"\A[a-zA-Z][a-zA-Z0-9-]{0,63}\z", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex ClusterName();

    [GeneratedRegex(@"\A(?!\.{1,2}\z)[a-zA-Z0-9._-]{1,249}\z", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex TopicName();
}
