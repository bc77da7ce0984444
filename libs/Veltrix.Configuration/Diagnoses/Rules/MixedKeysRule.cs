using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>Types share a topic so that their events keep an order; with different keys they have none.</summary>
internal sealed class MixedKeysRule() : Rule("DOC-207", "Types of one topic have different keys")
{
    public override IEnumerable<Finding> Examine(Examination subject)
    {
        foreach (var types in ByTopic(subject))
        {
            var (first, _) = types[0];
            foreach (var (type, path) in types.Where(entry => entry.Type.Key != first.Key))
                yield return Report(
                    Severity.Warning,
                    subject,
                    $"{path}.key",
                    $"In {type.Topic}, {first.Type} is keyed by {EventKeys.Name(first.Key)} and {type.Type} by {EventKeys.Name(type.Key)}: "
                        + $"of two events about one thing, the second lies in another of {Of(Partitions(subject, type))} partitions "
                        + $"with a probability of {Percent(1 - 1.0 / Partitions(subject, type))}.",
                    $"An event of {type.Type} can be handled before one of {first.Type} that came earlier.",
                    Fix.Set($"{path}.key", EventKeys.Name(first.Key))
                );
        }
    }

    // One partition keeps every order.
    private static IEnumerable<List<(EventTypeConfiguration Type, string Path)>> ByTopic(Examination subject) =>
        subject
            .Configuration.EventTypes.Select((type, index) => (Type: type, Path: $"$.eventTypes[{index}]"))
            .Where(entry => Partitions(subject, entry.Type) > 1)
            .GroupBy(entry => entry.Type.Topic, StringComparer.Ordinal)
            .Select(group => group.ToList());

    private static int Partitions(Examination subject, EventTypeConfiguration type)
    {
        var (_, topic) = subject.Topics().First(topic => topic.Topic.Name == type.Topic);
        return subject.Actual(topic)?.Partitions ?? topic.Partitions;
    }
}
