using Veltrix.Configuration.Capacity;
using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>What is larger than the limit is refused with 413.</summary>
internal sealed class EventSizeRule() : Rule("DOC-108", "Expected events are too large")
{
    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var ingest = subject.Configuration.Ingest;
        var largest = RecordBytes(subject.Traffic.LargestEventBytes);
        if (largest > ingest.MaximumEventBytes)
            yield return Report(
                Severity.Error,
                subject,
                "$.ingest.maximumEventBytes",
                Evidence(subject.Traffic.LargestEventBytes, ingest.MaximumEventBytes),
                "Every event of the largest expected size is refused with 413.",
                FirstThatCures(subject, cured => !Examine(cured).Any(), Larger(subject, largest))
            );
        else
            foreach (var finding in OfTypes(subject, largest))
                yield return finding;
    }

    // Traffic does not say which sizes a type has. A type may be meant for small events where another takes the large ones;
    // but a limit below the mean, or no type for the largest, is no such choice.
    private IEnumerable<Finding> OfTypes(Examination subject, long largest)
    {
        var types = subject.Configuration.EventTypes;
        var isRefused = types.All(type => type.MaximumBytes < largest);
        var bytes = isRefused ? subject.Traffic.LargestEventBytes : subject.Traffic.AverageEventBytes;
        for (var index = 0; index < types.Count; index++)
            if (types[index].MaximumBytes is { } limit && limit < RecordBytes(bytes))
                yield return Report(
                    isRefused ? Severity.Error : Severity.Warning,
                    subject,
                    $"$.eventTypes[{index}].maximumBytes",
                    Evidence(bytes, limit),
                    isRefused
                        ? $"No event type takes the largest expected events: they are refused with 413, those of {types[index].Type} too."
                        : $"Events of {types[index].Type} are refused with 413 as soon as they have the mean size of all.",
                    Fix.Set($"$.eventTypes[{index}].maximumBytes", RecordBytes(bytes))
                );
    }

    private static long RecordBytes(int eventBytes) => (long)eventBytes + ServiceTimes.RecordOverheadBytes;

    private static string Evidence(int eventBytes, int limit) =>
        $"{Of(eventBytes)} bytes + {Of(ServiceTimes.RecordOverheadBytes)} bytes of headers = {Of(RecordBytes(eventBytes))} bytes, "
        + $"allowed are {Of(limit)}.";

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
