using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>The front door needs processor time for every request and every event.</summary>
internal sealed class IngestCapacityRule() : Rule("DOC-403", "Ingest cannot take the burst")
{
    private const string Path = "$.limits.ingestNodes";

    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var model = subject.Capacity;
        var stage = model.Ingest;
        if (stage.UtilisationInBurst <= 1)
            yield break;
        yield return Report(
            stage.Utilisation > 1 ? Severity.Error : Severity.Warning,
            subject,
            Path,
            $"{Of(subject.Traffic.EventsPerSecond)} events/s x {Of(subject.Traffic.BurstFactor)} = {Of(model.BurstEventsPerSecond)} events/s in a burst; "
                + $"in requests of {Of(subject.Traffic.EventsPerRequest)} ingest takes {stage.Arithmetic}, in large batches {Of(model.IngestBatched.EventsPerSecond)}.",
            stage.Utilisation > 1
                ? $"{Of(subject.Traffic.EventsPerSecond - stage.EventsPerSecond)} events/s are refused with 429 or 503 all the time, "
                    + "and sent again they are more."
                : $"In a burst {Of(model.BurstEventsPerSecond - stage.EventsPerSecond)} events/s are refused with 429 or 503 and must be sent again.",
            FirstThatCures(
                subject,
                cured => !Examine(cured).Any(),
                [
                    Fix.Set(
                        Path,
                        (int)Math.Min(int.MaxValue, Math.Ceiling(subject.Limits.IngestNodes * stage.UtilisationInBurst))
                    ),
                ]
            )
        );
    }
}
