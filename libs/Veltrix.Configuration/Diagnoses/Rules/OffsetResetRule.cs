using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>Latest is right for a display, never for work.</summary>
internal sealed class OffsetResetRule() : Rule("DOC-103", "A new group skips what is there")
{
    private const string Path = "$.processor.consumer.autoOffsetReset";

    public override IEnumerable<Finding> Examine(Examination subject)
    {
        if (subject.Configuration.Processor.Consumer.AutoOffsetReset == OffsetReset.Earliest)
            yield break;
        double seconds = subject.Traffic.ProcessorOutageMinutes * 60.0;
        yield return Report(
            Severity.Error,
            subject,
            Path,
            $"A group without a committed offset begins at the next record: {Of(subject.Traffic.EventsPerSecond)} events/s x "
                + $"{Of(seconds)} s before the first processor runs = {Of(subject.Traffic.EventsPerSecond * seconds)} events skipped.",
            "Events that were accepted are never handled: at the first start, on new partitions, and when offsets expired.",
            Fix.Set(Path, "earliest")
        );
    }
}
