using Veltrix.Configuration.Capacity;
using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>No event type is routed to it.</summary>
internal sealed class OrphanTopicRule() : Rule("DOC-601", "A topic gets no events")
{
    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var routed = subject.Configuration.EventTypes.Select(type => type.Topic).ToHashSet(StringComparer.Ordinal);
        foreach (var (path, topic) in subject.Topics().Where(topic => !routed.Contains(topic.Topic.Name)))
            yield return Report(
                Severity.Warning,
                subject,
                path,
                $"0 of {Of(subject.Configuration.EventTypes.Count)} event types name the topic {topic.Name}.",
                $"{Of(topic.Partitions)} partitions cost the broker {Of(topic.Partitions * ServiceTimes.DescriptorsOfPartition)} files; "
                    + "an event type that should be here goes elsewhere or is refused.",
                // A cluster keeps at least one topic.
                subject.Configuration.Clusters.All(cluster => cluster.Topics.Count > 1)
                    ? Fix.Remove(path)
                    : null
            );
    }
}
