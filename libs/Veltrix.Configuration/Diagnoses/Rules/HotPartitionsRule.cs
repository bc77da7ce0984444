using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>Its events keep only some of the nodes busy.</summary>
internal sealed class HotPartitionsRule() : Rule("DOC-604", "A topic has fewer partitions than there are processors")
{
    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var nodes = subject.Capacity.BusyProcessors;
        foreach (var (path, topic) in subject.Topics().Where(topic => topic.Topic.Partitions < nodes))
            yield return Report(
                Severity.Advice,
                subject,
                $"{path}.partitions",
                $"{Of(topic.Partitions)} partitions / {Of(nodes)} busy processor nodes.",
                $"Events of {topic.Name} use at most {Of(topic.Partitions)} nodes. Another number breaks the order of keys that are there already.",
                Fix.Set($"{path}.partitions", nodes)
            );
    }
}
