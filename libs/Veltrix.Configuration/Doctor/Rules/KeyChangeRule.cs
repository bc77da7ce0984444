using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>Another key is another partition, while older events of the same thing still wait in theirs.</summary>
internal sealed class KeyChangeRule() : Rule("DOC-206", "Another key loses the order for a while")
{
    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var types = subject.Configuration.EventTypes;
        for (var index = 0; index < types.Count; index++)
            if (Before(subject, types[index]) is { } before && before != types[index].Key)
                yield return Report(
                    Severity.Warning,
                    subject,
                    $"$.eventTypes[{index}].key",
                    $"{types[index].Type} was keyed by {EventKeys.Name(before)} and is by {EventKeys.Name(types[index].Key)} now; "
                        + $"after a burst {Of(subject.Capacity.BacklogAfterBurst)} events wait in the partitions of their old keys.",
                    $"For {Seconds(subject.Capacity.DrainSeconds)} new events can overtake older ones about the same thing.",
                    Fix.Set($"$.eventTypes[{index}].key", EventKeys.Name(before))
                );
    }

    // In another topic it is the move that loses the order, and DOC-204 says so.
    private static EventKey? Before(Examination subject, EventTypeConfiguration type) =>
        subject
            .Previous?.EventTypes.FirstOrDefault(old =>
                string.Equals(old.Type, type.Type, StringComparison.Ordinal)
                && string.Equals(old.Topic, type.Topic, StringComparison.Ordinal)
            )
            ?.Key;
}
