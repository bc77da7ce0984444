using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>The front door needs processor time for every request.</summary>
internal sealed class IngestCapacityRule() : Rule("DOC-403", "Ingest cannot take the burst")
{
    private const string Path = "$.limits.ingestNodes";

    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var model = subject.Capacity;
        var single = model.IngestSingle;
        if (single.UtilisationInBurst <= 1)
            yield break;
        var batched = model.IngestBatched;
        yield return Report(
            batched.UtilisationInBurst > 1 ? Severity.Error : Severity.Warning,
            subject,
            Path,
            $"{Of(subject.Traffic.EventsPerSecond)} events/s x {Of(subject.Traffic.BurstFactor)} = {Of(model.BurstEventsPerSecond)} events/s in a burst; "
                + $"single requests: {single.Arithmetic}; batches: {batched.Arithmetic}.",
            batched.UtilisationInBurst > 1
                ? $"In a burst {Of(model.BurstEventsPerSecond - batched.EventsPerSecond)} events/s are refused with 503 even in batches."
                : $"Producers that do not batch get 503 for {Of(model.BurstEventsPerSecond - single.EventsPerSecond)} events/s of a burst.",
            FirstThatCures(
                subject,
                cured => !Examine(cured).Any(),
                [
                    Fix.Set(
                        Path,
                        (int)
                            Math.Min(int.MaxValue, Math.Ceiling(subject.Limits.IngestNodes * single.UtilisationInBurst))
                    ),
                ]
            )
        );
    }
}
