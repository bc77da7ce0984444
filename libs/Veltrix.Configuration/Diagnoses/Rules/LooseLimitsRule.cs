using Veltrix.Configuration.Capacity;
using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>A limit that nothing comes near protects nothing.</summary>
internal sealed class LooseLimitsRule() : Rule("DOC-703", "A size limit is far above what is expected")
{
    private const string Path = "$.ingest.maximumEventBytes";
    private const long Loose = 64;

    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var largest = (long)subject.Traffic.LargestEventBytes + ServiceTimes.RecordOverheadBytes;
        var limit = subject.Configuration.Ingest.MaximumEventBytes;
        if (limit <= Loose * largest)
            yield break;
        yield return Report(
            Severity.Advice,
            subject,
            Path,
            $"{Of(limit)} bytes allowed / {Of(largest)} bytes expected = {Of((double)limit / largest)} times.",
            $"One wrong producer can send {Bytes(limit)} an event, and holds up all that share its partition.",
            FirstThatCures(subject, cured => !Examine(cured).Any(), [Fix.Set(Path, Math.Max(1_024, largest * 4))])
        );
    }
}
