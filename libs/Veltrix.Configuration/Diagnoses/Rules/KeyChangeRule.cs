using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>Another key is another partition, while older events of the same thing still wait in theirs.</summary>
internal sealed class KeyChangeRule() : Rule("DOC-206", "Another key loses the order for a while")
{
    public override IEnumerable<Finding> Examine(Examination subject)
    {
        // In another topic it is the move that loses the order, and DOC-204 says so.
        foreach (
            var change in RouteChange
                .Of(subject)
                .Where(change => change.Before.Topic == change.Now.Topic && change.Before.Key != change.Now.Key)
        )
            yield return Report(
                Severity.Warning,
                subject,
                $"$.eventTypes[{change.Index}].key",
                $"{change.Type} was keyed by {EventKeys.Name(change.Before.Key)} and is by {EventKeys.Name(change.Now.Key)} now; "
                    + $"after a burst {Of(subject.Capacity.BacklogAfterBurst)} events wait in the partitions of their old keys.",
                $"For {Seconds(subject.Capacity.DrainSeconds)} new events can overtake older ones about the same thing.",
                change.Restore(
                    subject,
                    change.Now with
                    {
                        Key = change.Before.Key,
                    },
                    ("key", EventKeys.Name(change.Before.Key))
                )
            );
    }
}
