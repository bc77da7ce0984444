using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>More partitions make smaller batches, more files and longer rebalances.</summary>
internal sealed class UselessPartitionsRule() : Rule("DOC-702", "Partitions without use")
{
    private const int AlwaysFine = 50;
    private const int PerNode = 10;

    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var most = Math.Max(AlwaysFine, PerNode * subject.Limits.ProcessorNodes);
        foreach (var (path, topic) in subject.Topics().Where(topic => topic.Topic.Partitions > most))
            yield return Report(
                Severity.Warning,
                subject,
                $"{path}.partitions",
                $"{Of(topic.Partitions)} partitions for {Of(subject.Limits.ProcessorNodes)} processor nodes; {Of(PerNode)} x nodes, at least "
                    + $"{Of(AlwaysFine)}, share any load evenly: {Of(most)}.",
                $"{Of(subject.Capacity.BurstOfNode)} events/s of an ingest node / {Of(topic.Partitions)} = "
                    + $"{Of(subject.Capacity.BurstOfNode / topic.Partitions)} events/s for each batch to fill.",
                Fix.Set($"{path}.partitions", most)
            );
    }
}
