using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>A request with too many events, or too many bytes, is refused as a whole.</summary>
internal sealed class RequestSizeRule() : Rule("DOC-113", "Expected requests are too large")
{
    private const string Effect =
        "The requests of producers as traffic describes them are refused with 413: nothing comes in.";

    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var (ingest, traffic) = (subject.Configuration.Ingest, subject.Traffic);
        if (traffic.EventsPerRequest > ingest.MaximumBatchEvents)
            yield return Report(
                Severity.Error,
                subject,
                "$.ingest.maximumBatchEvents",
                $"{Of(traffic.EventsPerRequest)} events in a request, allowed are {Of(ingest.MaximumBatchEvents)}.",
                Effect,
                Fix.Set("$.ingest.maximumBatchEvents", traffic.EventsPerRequest)
            );
        var body = (long)traffic.EventsPerRequest * traffic.AverageEventBytes;
        if (body > ingest.MaximumBodyBytes)
            yield return Report(
                Severity.Error,
                subject,
                "$.ingest.maximumBodyBytes",
                $"{Of(traffic.EventsPerRequest)} events x {Of(traffic.AverageEventBytes)} bytes = {Bytes(body)} in a request, "
                    + $"allowed are {Bytes(ingest.MaximumBodyBytes)}.",
                Effect,
                FirstThatCures(subject, cured => !Examine(cured).Any(), [Larger(ingest, body)])
            );
    }

    private static IReadOnlyList<PatchOperation> Larger(IngestConfiguration ingest, long body) =>
        Fix.Set(
            ("$.ingest.maximumBodyBytes", body),
            ("$.ingest.maximumBytesInFlight", Math.Max(ingest.MaximumBytesInFlight, body))
        );
}
