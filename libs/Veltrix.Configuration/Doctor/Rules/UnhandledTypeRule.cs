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
            yield return Report(
                Severity.Warning,
                subject,
                $"$.eventTypes[{index}].type",
                $"None of {Of(handled.Count)} handled types matches {type.Type}.",
                $"Accepted events of this type are deleted after their retention without an effect.",
                subject.Configuration.EventTypes.Count > 1 ? Fix.Remove($"$.eventTypes[{index}]") : null
            );
        }
    }
}
