using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>The number is only taken when a topic is created.</summary>
internal sealed class ActualPartitionsRule() : Rule("DOC-205", "The broker has another number of partitions")
{
    public override IEnumerable<Finding> Examine(Examination subject)
    {
        foreach (var (path, topic) in subject.Topics())
            if (subject.Actual(topic) is { } actual && actual.Partitions != topic.Partitions)
                yield return Report(
                    Severity.Warning,
                    subject,
                    $"{path}.partitions",
                    $"Topic {topic.Name} has {Of(actual.Partitions)} partitions, the document says {Of(topic.Partitions)}.",
                    $"At most {Of(actual.Partitions)} processors share the topic, whatever the document says.",
                    Fix.Set($"{path}.partitions", actual.Partitions)
                );
    }
}
