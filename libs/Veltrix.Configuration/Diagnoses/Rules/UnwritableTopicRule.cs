using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>More replicas are asked for than there are, or than may be away.</summary>
internal sealed class UnwritableTopicRule() : Rule("DOC-106", "Not enough replicas to write to")
{
    public override IEnumerable<Finding> Examine(Examination subject)
    {
        foreach (var (path, topic) in subject.Topics())
        {
            var copies = subject.Copies(topic);
            var needed = subject.InsyncCopies(topic);
            if (needed < copies || (copies == 1 && needed == 1))
                continue;
            var option = $"{path}.minimumInsyncReplicas";
            yield return Report(
                needed > copies ? Severity.Error : Severity.Warning,
                subject,
                option,
                $"{Of(needed)} of {Of(copies)} copies must answer, so {Of(Math.Max(0, copies - needed))} brokers may be away.",
                needed > copies
                    ? $"Every event for {topic.Name} is refused."
                    : $"While one broker is away, {Of(subject.Traffic.EventsPerSecond)} events/s for {topic.Name} are refused with 503.",
                Repair(subject, topic, path, copies, needed)
            );
        }
    }

    // Of two copies both must answer, since one would be a risk; a third copy is the way out, where it can be.
    private static IReadOnlyList<PatchOperation>? Repair(
        Examination subject,
        TopicConfiguration topic,
        string path,
        int copies,
        int needed
    )
    {
        if (copies != 2)
            return Fix.Set($"{path}.minimumInsyncReplicas", Math.Max(1, copies - 1));
        var third = subject.Topology is { Brokers: < 3 }
            ? null
            : subject.FixOfCopies(topic, Fix.Set($"{path}.replicationFactor", 3));
        return needed > copies ? [.. Fix.Set($"{path}.minimumInsyncReplicas", copies), .. third ?? []] : third;
    }
}
