using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>One copy is lost with its disk; more copies than brokers cannot be made.</summary>
internal sealed class ReplicationRule() : Rule("DOC-107", "Copies do not fit the brokers")
{
    private const int EnoughCopies = 3;

    public override IEnumerable<Finding> Examine(Examination subject)
    {
        foreach (var (path, topic) in subject.Topics())
            if (
                subject.Topology is { } topology
                && subject.Actual(topic) is null
                && topic.ReplicationFactor > topology.Brokers
            )
                yield return TooMany(subject, path, topic, topology.Brokers);
            // A single broker has no second copy to give; without a topology only an explicit 1 is known to be one.
            else if (
                subject.Topology is not { Brokers: 1 }
                && (topic.ReplicationFactor == 1 || subject.Actual(topic) is not null)
                && subject.Copies(topic) == 1
            )
                yield return SingleCopy(subject, path, topic);
    }

    private Finding TooMany(Examination subject, string path, TopicConfiguration topic, int brokers) =>
        Report(
            Severity.Error,
            subject,
            $"{path}.replicationFactor",
            $"{Of(topic.ReplicationFactor)} copies need as many brokers; there are {Of(brokers)}.",
            $"The topic {topic.Name} cannot be created; its events are refused.",
            Fix.Set(
                ($"{path}.replicationFactor", brokers),
                ($"{path}.minimumInsyncReplicas", Math.Min(topic.MinimumInsyncReplicas, brokers))
            )
        );

    private Finding SingleCopy(Examination subject, string path, TopicConfiguration topic)
    {
        var hours = topic.RetentionHours;
        return Report(
            Severity.Warning,
            subject,
            $"{path}.replicationFactor",
            $"1 copy x {Of(hours)} h of records.",
            $"A lost disk loses what {topic.Name} holds: up to {Of((double)subject.Traffic.EventsPerSecond * hours * 3_600)} events.",
            subject.FixOfCopies(
                topic,
                Fix.Set($"{path}.replicationFactor", Math.Min(EnoughCopies, subject.Topology?.Brokers ?? EnoughCopies))
            )
        );
    }
}
