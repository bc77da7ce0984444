using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>Events in the old topic and in the new one are handled at the same time.</summary>
internal sealed class TopicMoveRule() : Rule("DOC-204", "A moved event type loses its order for a while")
{
    public override IEnumerable<Finding> Examine(Examination subject)
    {
        if (subject.Previous is not { } previous)
            yield break;
        for (var index = 0; index < subject.Configuration.EventTypes.Count; index++)
        {
            var type = subject.Configuration.EventTypes[index];
            var before = previous.EventTypes.FirstOrDefault(old =>
                string.Equals(old.Type, type.Type, StringComparison.Ordinal)
            );
            if (before is null || before.Topic == type.Topic || !HasTopic(subject, before.Topic))
                continue;
            var backlog = subject.Capacity.BacklogAfterBurst;
            yield return Report(
                Severity.Warning,
                subject,
                $"$.eventTypes[{index}].topic",
                $"{type.Type} went to {before.Topic} and goes to {type.Topic} now; after a burst {Of(backlog)} events wait in the old topic.",
                $"For {Seconds(subject.Capacity.DrainSeconds)} new events of a key can overtake older ones.",
                Fix.Set($"$.eventTypes[{index}].topic", before.Topic)
            );
        }
    }

    private static bool HasTopic(Examination subject, string name) =>
        subject.Topics().Any(topic => string.Equals(topic.Topic.Name, name, StringComparison.Ordinal));
}
