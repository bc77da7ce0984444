using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>Events of the type are kept and never have an effect.</summary>
internal sealed class UnhandledTypeRule() : Rule("DOC-602", "Nobody handles an event type")
{
    public override IEnumerable<Finding> Examine(Examination subject)
    {
        if (subject.Topology?.HandledTypes is not { } handled)
            yield break;
        for (var index = 0; index < subject.Configuration.EventTypes.Count; index++)
        {
            var type = subject.Configuration.EventTypes[index];
            if (handled.Any(type.Overlaps))
                continue;
            // What is in force already must not hold up every other change.
            var isNew = subject.Previous?.EventTypes.Any(before => before.Matches(type.Type)) != true;
            yield return Report(
                isNew ? Severity.Error : Severity.Warning,
                subject,
                $"$.eventTypes[{index}].type",
                $"None of {Of(handled.Count)} types that running processors handle matches {type.Type}.",
                "Events of this type are accepted, read by nobody and deleted after their retention.",
                subject.Configuration.EventTypes.Count > 1 ? Fix.Remove($"$.eventTypes[{index}]") : null
            );
        }
    }
}
