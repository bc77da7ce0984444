using Veltrix.Configuration.Capacity;
using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>What is larger than the limit is refused with 413.</summary>
internal sealed class EventSizeRule() : Rule("DOC-108", "Expected events are too large")
{
    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var ingest = subject.Configuration.Ingest;
        var record = (long)subject.Traffic.LargestEventBytes + ServiceTimes.RecordOverheadBytes;
        if (record > ingest.MaximumEventBytes)
            yield return Report(
                Severity.Error,
                subject,
                "$.ingest.maximumEventBytes",
                $"{Of(subject.Traffic.LargestEventBytes)} bytes + {Of(ServiceTimes.RecordOverheadBytes)} bytes of headers = "
                    + $"{Of(record)} bytes, allowed are {Of(ingest.MaximumEventBytes)}.",
                "Every event of the largest expected size is refused with 413.",
                FirstThatCures(subject, cured => !Examine(cured).Any(), Larger(subject, record))
            );
    }

    private static IEnumerable<IReadOnlyList<PatchOperation>> Larger(Examination subject, long record)
    {
        var ingest = subject.Configuration.Ingest;
        yield return Fix.Set(
            ("$.ingest.maximumEventBytes", record),
            ("$.ingest.maximumBodyBytes", Math.Max(ingest.MaximumBodyBytes, record)),
            ("$.ingest.maximumBytesInFlight", Math.Max(ingest.MaximumBytesInFlight, record)),
            ("$.processor.maximumBatchBytes", Math.Max(subject.Configuration.Processor.MaximumBatchBytes, record))
        );
    }
}
