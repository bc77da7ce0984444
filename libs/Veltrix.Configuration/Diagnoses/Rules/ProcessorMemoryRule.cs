using Veltrix.Configuration.Capacity;
using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>What is read ahead and two batches of each consumer are held at a time.</summary>
internal sealed class ProcessorMemoryRule() : Rule("DOC-304", "A processor needs more memory than a node has")
{
    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var need = subject.Capacity.ProcessorNode;
        double limit = subject.Limits.MemoryBytes;
        if (need.MemoryBytes <= limit * ServiceTimes.HealthyUtilisation)
            yield break;
        yield return Report(
            need.MemoryBytes > limit ? Severity.Error : Severity.Warning,
            subject,
            "$.processor.maximumBatchBytes",
            $"{need.Arithmetic} = {Bytes(need.MemoryBytes)} of {Bytes(limit)}; all {Of(subject.Limits.ProcessorNodes)} nodes together "
                + $"{Bytes(need.MemoryBytes * subject.Limits.ProcessorNodes)}.",
            need.MemoryBytes > limit
                ? $"The process is killed {Bytes(need.MemoryBytes - limit)} before its limits hold, and its batches are handled again."
                : "Little memory is left for what the sum does not show.",
            FirstThatCures(subject, cured => !Examine(cured).Any(), Smaller(subject.Configuration.Processor))
        );
    }

    private static IEnumerable<IReadOnlyList<PatchOperation>> Smaller(ProcessorConfiguration processor) =>
        Enumerable
            .Range(1, 14)
            .Select(step =>
                Fix.Set(
                    (
                        "$.processor.maximumBatchBytes",
                        Math.Min(processor.MaximumBatchBytes, Math.Max(1_000_000, processor.MaximumBatchBytes >> step))
                    ),
                    (
                        "$.processor.consumer.queuedKilobytes",
                        Math.Min(
                            processor.Consumer.QueuedKilobytes,
                            Math.Max(1_024, processor.Consumer.QueuedKilobytes >> step)
                        )
                    )
                )
            );
}
