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

    // Two copies that must both answer: the third copy is the way out, fewer answers would be a risk.
    private static IReadOnlyList<PatchOperation>? Repair(
        Examination subject,
        TopicConfiguration topic,
        string path,
        int copies,
        int needed
    ) =>
        needed > copies || copies > 2
            ? Fix.Set($"{path}.minimumInsyncReplicas", Math.Max(1, copies - 1))
            : subject.FixOfCopies(topic, Fix.Set($"{path}.replicationFactor", 3));
}
