using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>One copy is lost with its disk; more copies than brokers cannot be made.</summary>
internal sealed class ReplicationRule() : Rule("DOC-107", "Copies do not fit the brokers")
{
    private const int EnoughCopies = 3;

    public override IEnumerable<Finding> Examine(Examination subject)
    {
        foreach (var (path, topic) in subject.Topics())
        {
            var option = $"{path}.replicationFactor";
            if (subject.Topology is { } topology && topic.ReplicationFactor > topology.Brokers)
                yield return Report(
                    Severity.Error,
                    subject,
                    option,
                    $"{Of(topic.ReplicationFactor)} copies need as many brokers; there are {Of(topology.Brokers)}.",
                    $"The topic {topic.Name} cannot be created; its events are refused.",
                    Fix.Set(
                        (option, topology.Brokers),
                        ($"{path}.minimumInsyncReplicas", Math.Min(topic.MinimumInsyncReplicas, topology.Brokers))
                    )
                );
            // A single broker has no second copy to give; that is a choice made elsewhere.
            else if (topic.ReplicationFactor == 1 && subject.Topology is not { Brokers: 1 })
                yield return Report(
                    Severity.Warning,
                    subject,
                    option,
                    $"{Of(1)} copy x {Of(topic.RetentionHours)} h of records.",
                    $"A lost disk loses what {topic.Name} holds: up to {Of((double)subject.Traffic.EventsPerSecond * topic.RetentionHours * 3_600)} events.",
                    Fix.Set(option, Math.Min(EnoughCopies, subject.Topology?.Brokers ?? EnoughCopies))
                );
        }
    }
}
