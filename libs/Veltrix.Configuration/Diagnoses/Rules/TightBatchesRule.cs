using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>One of two limits is never reached.</summary>
internal sealed class TightBatchesRule() : Rule("DOC-704", "Batches cannot get as large as they may")
{
    private const string Path = "$.ingest.maximumBatchEvents";

    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var ingest = subject.Configuration.Ingest;
        double need = (double)ingest.MaximumBatchEvents * subject.Traffic.AverageEventBytes;
        if (need <= ingest.MaximumBodyBytes)
            yield break;
        yield return Report(
            Severity.Advice,
            subject,
            Path,
            $"{Of(ingest.MaximumBatchEvents)} events x {Of(subject.Traffic.AverageEventBytes)} bytes = {Bytes(need)}, a body may have {Bytes(ingest.MaximumBodyBytes)}.",
            "Producers that send batches of the allowed number get 413.",
            Fix.Set(Path, Math.Max(1, ingest.MaximumBodyBytes / subject.Traffic.AverageEventBytes))
        );
    }
}
