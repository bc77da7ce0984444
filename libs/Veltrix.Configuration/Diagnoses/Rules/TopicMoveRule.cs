using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>Events in the old topic and in the new one are handled at the same time.</summary>
internal sealed class TopicMoveRule() : Rule("DOC-204", "A moved event type loses its order for a while")
{
    public override IEnumerable<Finding> Examine(Examination subject)
    {
        foreach (var change in RouteChange.Of(subject).Where(change => change.Before.Topic != change.Now.Topic))
        {
            // Without its old topic the type loses more than its order, and DOC-112 says so.
            if (!subject.Topics().Any(topic => topic.Topic.Name == change.Before.Topic))
                continue;
            yield return Report(
                Severity.Warning,
                subject,
                $"$.eventTypes[{change.Index}].topic",
                $"{change.Type} went to {change.Before.Topic} and goes to {change.Now.Topic} now; after a burst "
                    + $"{Of(subject.Capacity.BacklogAfterBurst)} events wait in the old topic.",
                $"For {Seconds(subject.Capacity.DrainSeconds)} new events of a key can overtake older ones.",
                change.Restore(subject, change.Now with { Topic = change.Before.Topic }, ("topic", change.Before.Topic))
            );
        }
    }
}
