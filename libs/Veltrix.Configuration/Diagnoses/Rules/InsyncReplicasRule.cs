using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>With one replica in sync acks=all waits for the leader alone.</summary>
internal sealed class InsyncReplicasRule() : Rule("DOC-105", "acks=all may mean a single copy")
{
    public override IEnumerable<Finding> Examine(Examination subject)
    {
        foreach (var (path, topic) in subject.Topics())
        {
            var copies = subject.Copies(topic);
            if (copies < 2 || subject.InsyncCopies(topic) > 1)
                continue;
            yield return Report(
                topic.MinimumInsyncReplicas == 1 || subject.Actual(topic) is not null
                    ? Severity.Error
                    : Severity.Warning,
                subject,
                $"{path}.minimumInsyncReplicas",
                $"{Of(copies)} copies, of which 1 must have a record: while {Of(copies - 1)} lag, acks=all is acks=leader.",
                $"Losing that one broker loses every event of {topic.Name} that was acknowledged meanwhile: "
                    + $"{Of(subject.Traffic.EventsPerSecond)} events for each second.",
                Fix.Set($"{path}.minimumInsyncReplicas", copies == 2 ? 2 : copies - 1)
            );
        }
    }
}
