using Veltrix.Configuration.Capacity;
using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>All processors share one database: more of them do not make it faster.</summary>
internal sealed class DatabaseRule() : Rule("DOC-405", "The database is slower than events come in")
{
    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var stage = subject.Capacity.Database;
        if (stage.Utilisation <= ServiceTimes.HealthyUtilisation)
            yield break;
        double rate = subject.Traffic.EventsPerSecond;
        yield return Report(
            stage.Utilisation > 1 ? Severity.Error : Severity.Warning,
            subject,
            "$.processor.maximumBatchEvents",
            $"{Of(rate)} events/s, the database takes {stage.Arithmetic}: utilisation {Percent(stage.Utilisation)}.",
            stage.Utilisation > 1
                ? $"The backlog grows by {Of(rate - stage.EventsPerSecond)} events/s for ever, however many processors there are."
                : "A burst waits for the database, however many processors there are.",
            FirstThatCures(
                subject,
                cured => !Examine(cured).Any(),
                [.. FasterHandling.LargerBatches(subject), .. LargerMachine(subject)]
            )
        );
    }

    // Another machine, so the last resort.
    private static IEnumerable<IReadOnlyList<PatchOperation>> LargerMachine(Examination subject)
    {
        for (var cores = subject.Limits.Cores * 2; cores <= ConfigurationLimits.Cores.Maximum; cores *= 2)
            yield return Fix.Set("$.limits.cores", cores);
    }
}
