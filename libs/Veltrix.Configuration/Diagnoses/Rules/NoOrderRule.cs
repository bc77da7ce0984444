using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>No two events have an id in common, so keyed by it they have no order.</summary>
internal sealed class NoOrderRule() : Rule("DOC-208", "Events keyed by id have no order")
{
    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var types = subject.Configuration.EventTypes;
        for (var index = 0; index < types.Count; index++)
            if (types[index].Key == EventKey.Id)
                yield return Report(
                    Severity.Warning,
                    subject,
                    $"$.eventTypes[{index}].key",
                    $"{Of(subject.Traffic.EventsPerSecond)} events/s, each with a key of its own, are spread over all partitions and workers.",
                    $"Any event of {types[index].Type} can be handled before one that came earlier, also of the same subject.",
                    Fix.Remove($"$.eventTypes[{index}].key")
                );
    }
}
