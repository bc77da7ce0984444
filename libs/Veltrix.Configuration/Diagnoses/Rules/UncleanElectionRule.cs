using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>A copy that lacks acknowledged records may become the leader.</summary>
internal sealed class UncleanElectionRule() : Rule("DOC-116", "A copy that lags may become the leader")
{
    public override IEnumerable<Finding> Examine(Examination subject)
    {
        foreach (var (path, topic) in subject.Topics())
            if (subject.Actual(topic) is { UncleanLeaderElection: true, ReplicationFactor: > 1 } actual)
                yield return Report(
                    Severity.Warning,
                    subject,
                    path,
                    $"unclean.leader.election.enable=true, {Of(actual.ReplicationFactor)} copies.",
                    $"When the copies in sync are away, another one leads {topic.Name}: what it lacks of the acknowledged events is lost, "
                        + $"{Of(subject.Traffic.EventsPerSecond)} for each second that it lagged.",
                    // No change of the document alters this setting.
                    fix: null
                );
    }
}
