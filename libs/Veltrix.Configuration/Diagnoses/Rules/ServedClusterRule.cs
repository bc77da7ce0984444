using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>Nodes are given the address of one cluster.</summary>
internal sealed class ServedClusterRule() : Rule("DOC-111", "No node is connected to a cluster")
{
    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var clusters = subject.Configuration.Clusters;
        for (var index = 0; index < clusters.Count; index++)
        {
            var cluster = clusters[index];
            if (cluster.Name == ClusterConfiguration.Served)
                continue;
            var topics = cluster.Topics.Select(topic => topic.Name).ToHashSet(StringComparer.Ordinal);
            var types = subject.Configuration.EventTypes;
            yield return Report(
                Severity.Error,
                subject,
                $"$.clusters[{index}].name",
                $"{Of(types.Count(type => topics.Contains(type.Topic)))} of {Of(types.Count)} event types go to the {Of(topics.Count)} topics of "
                    + $"{cluster.Name}; nodes know the address of {ClusterConfiguration.Served} alone.",
                "Every event for these topics is refused with 503. Topics of the same names that nodes read until now are "
                    + "read no more, and what waits there is deleted after its retention.",
                Repair(clusters, index)
            );
        }
    }

    private static IReadOnlyList<PatchOperation>? Repair(IReadOnlyList<ClusterConfiguration> clusters, int index)
    {
        var served = clusters.TakeWhile(cluster => cluster.Name != ClusterConfiguration.Served).Count();
        if (served == clusters.Count)
            return Fix.Set($"$.clusters[{index}].name", ClusterConfiguration.Served);
        return clusters[served].Topics.Count + clusters[index].Topics.Count > ConfigurationLimits.Topics.Maximum
            ? null
            :
            [
                .. clusters[index].Topics.Select(topic => Fix.AddTopic(served, topic)),
                .. Fix.Remove($"$.clusters[{index}]"),
            ];
    }
}
