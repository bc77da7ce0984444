using Veltrix.Configuration.Capacity;
using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>A stage that gets more than it can do falls behind for ever.</summary>
internal sealed class ProcessorCapacityRule() : Rule("DOC-401", "Handlers are slower than events come in")
{
    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var model = subject.Capacity;
        var stage = model.Processor;
        if (stage.Utilisation <= ServiceTimes.HealthyUtilisation)
            yield break;
        double rate = subject.Traffic.EventsPerSecond;
        yield return Report(
            stage.Utilisation > 1 ? Severity.Error : Severity.Warning,
            subject,
            Path(subject),
            $"{Of(rate)} events/s come in, ingest could take {Of(model.IngestBatched.EventsPerSecond)}; handlers manage {stage.Arithmetic}: "
                + $"utilisation {Of(rate)} / {Of(stage.EventsPerSecond)} = {Percent(stage.Utilisation)}.",
            stage.Utilisation > 1
                ? $"The backlog grows by {Of(rate - stage.EventsPerSecond)} events/s for ever, until retention deletes it."
                : $"A burst of {Of(model.BurstEventsPerSecond)} events/s takes {Seconds(model.DrainSeconds)} to drain.",
            FirstThatCures(subject, cured => !Examine(cured).Any(), FasterHandling.Of(subject))
        );
    }

    private static string Path(Examination subject) =>
        subject.Capacity.UsefulWorkers < subject.Limits.Cores
            ? "$.processor.workers"
            : "$.processor.maximumBatchEvents";
}
