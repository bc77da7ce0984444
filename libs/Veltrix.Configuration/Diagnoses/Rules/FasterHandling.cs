namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>Ways to handle more events per second, the cheapest first.</summary>
internal static class FasterHandling
{
    // Beyond this a transaction no longer costs noticeably less per event.
    private const int FullBatch = 2_000;

    public static IEnumerable<IReadOnlyList<PatchOperation>> Of(Examination subject)
    {
        var workers = Workers(subject);
        yield return Fix.Set("$.processor.workers", workers);
        foreach (var larger in LargerBatches(subject))
            yield return larger;
        foreach (var larger in LargerBatches(subject))
            yield return [.. larger, .. Fix.Set("$.processor.workers", workers)];
        // More nodes, and partitions for each of them: a change of the machine, so the last resort.
        for (
            var nodes = subject.Limits.ProcessorNodes * 2L;
            nodes <= ConfigurationLimits.Partitions.Maximum;
            nodes *= 2
        )
            yield return
            [
                .. LargerBatches(subject).First(),
                .. Fix.Set("$.processor.workers", workers),
                .. Fix.Set("$.limits.processorNodes", nodes),
                .. subject
                    .Topics()
                    .Where(topic => topic.Topic.Partitions < nodes)
                    .SelectMany(topic => Fix.Set($"{topic.Path}.partitions", nodes)),
            ];
    }

    public static IEnumerable<IReadOnlyList<PatchOperation>> LargerBatches(Examination subject)
    {
        var processor = subject.Configuration.Processor;
        var events = Math.Max(FullBatch, processor.MaximumBatchEvents);
        yield return Fix.Set("$.processor.maximumBatchEvents", events);
        yield return Fix.Set(
            ("$.processor.maximumBatchEvents", events),
            (
                "$.processor.maximumBatchBytes",
                Math.Clamp(
                    (long)Math.Ceiling(events * subject.Capacity.RecordBytes),
                    processor.MaximumBatchBytes,
                    ConfigurationLimits.ProcessorBatchBytes.Maximum
                )
            )
        );
    }

    private static int Workers(Examination subject) =>
        Math.Clamp(
            subject.Limits.Cores,
            Math.Min(subject.Configuration.Processor.Workers, ConfigurationLimits.Workers.Maximum),
            ConfigurationLimits.Workers.Maximum
        );
}
