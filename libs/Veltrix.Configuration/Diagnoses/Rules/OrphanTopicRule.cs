using Veltrix.Configuration.Capacity;
using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>No event type is routed to it.</summary>
internal sealed class OrphanTopicRule() : Rule("DOC-601", "A topic gets no events")
{
    public override IEnumerable<Finding> Examine(Examination subject)
    {
        foreach (var (path, topic) in subject.Topics())
            if (RoutesTo(subject.Configuration, topic) == 0)
                yield return subject.Previous is { } previous && RoutesTo(previous, topic) is > 0 and var routes
                    ? Draining(subject, path, topic, routes)
                    : Orphan(subject, path, topic);
    }

    private Finding Draining(Examination subject, string path, TopicConfiguration topic, int routes) =>
        Report(
            Severity.Advice,
            subject,
            path,
            $"{Of(routes)} event types of the version in force go to {topic.Name}, 0 of {Of(subject.Configuration.EventTypes.Count)} do now.",
            "Processors read on until it is taken out of the document; when nothing waits there, it can be.",
            // What waits there is lost with it.
            fix: null
        );

    private Finding Orphan(Examination subject, string path, TopicConfiguration topic) =>
        Report(
            Severity.Warning,
            subject,
            path,
            $"0 of {Of(subject.Configuration.EventTypes.Count)} event types name the topic {topic.Name}.",
            $"{Of(topic.Partitions)} partitions cost the broker {Of(topic.Partitions * ServiceTimes.DescriptorsOfPartition)} files; "
                + "an event type that should be here goes elsewhere or is refused.",
            // A cluster keeps at least one topic; and only who looks at the broker knows that nothing waits in one that was there before.
            subject.Configuration.Clusters.All(cluster => cluster.Topics.Count > 1) && IsNew(subject, topic)
                ? Fix.Remove(path)
                : null
        );

    private static int RoutesTo(PlatformConfiguration configuration, TopicConfiguration topic) =>
        configuration.EventTypes.Count(type => type.Topic == topic.Name);

    private static bool IsNew(Examination subject, TopicConfiguration topic) =>
        subject.Previous?.TopicsOn(ClusterConfiguration.Served).Any(before => before.Name == topic.Name) != true;
}
