using Veltrix.Configuration.Capacity;
using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>Where everything shares its cores, each part takes them from the others.</summary>
internal sealed class SharedMachinesRule() : Rule("DOC-406", "The machines are too small for everything on them")
{
    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var stage = subject.Capacity.Machines;
        if (subject.Limits.Machines == 0 || stage.Utilisation <= ServiceTimes.HealthyUtilisation)
            yield break;
        double rate = subject.Traffic.EventsPerSecond;
        yield return Report(
            stage.Utilisation > 1 ? Severity.Error : Severity.Warning,
            subject,
            "$.limits.machines",
            $"{Of(rate)} events/s, everything together takes {stage.Arithmetic}: utilisation {Percent(stage.Utilisation)}.",
            stage.Utilisation > 1
                ? $"{Of(rate - stage.EventsPerSecond)} events/s are refused with 429 or 503, or wait in Kafka for ever."
                : "A burst waits for a core, whatever it is about to do.",
            FirstThatCures(
                subject,
                cured => !Examine(cured).Any(),
                [.. FasterHandling.LargerBatches(subject), .. MoreMachines(subject)]
            )
        );
    }

    private static IEnumerable<IReadOnlyList<PatchOperation>> MoreMachines(Examination subject)
    {
        for (
            var machines = subject.Limits.Machines * 2;
            machines <= ConfigurationLimits.Machines.Maximum;
            machines *= 2
        )
            yield return Fix.Set("$.limits.machines", machines);
    }
}
