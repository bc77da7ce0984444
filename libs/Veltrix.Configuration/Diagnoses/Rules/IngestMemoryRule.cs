using Veltrix.Configuration.Capacity;
using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>The budget in flight is held twice: by the request and by the producer.</summary>
internal sealed class IngestMemoryRule() : Rule("DOC-303", "Ingest needs more memory than a node has")
{
    private const string Path = "$.ingest.maximumBytesInFlight";

    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var need = subject.Capacity.IngestNode;
        double limit = subject.Limits.MemoryBytes;
        if (need.MemoryBytes <= limit * ServiceTimes.HealthyUtilisation)
            yield break;
        yield return Report(
            need.MemoryBytes > limit ? Severity.Error : Severity.Warning,
            subject,
            Path,
            $"{need.Arithmetic} = {Bytes(need.MemoryBytes)} of {Bytes(limit)}.",
            need.MemoryBytes > limit
                ? $"The process is killed {Bytes(need.MemoryBytes - limit)} before its limits hold; what it held is refused."
                : "Little memory is left for what the sum does not show.",
            FirstThatCures(
                subject,
                cured => !Examine(cured).Any(),
                Enumerable
                    .Range(1, 12)
                    .Select(step => Fix.Set(Path, subject.Configuration.Ingest.MaximumBytesInFlight >> step))
            )
        );
    }
}
