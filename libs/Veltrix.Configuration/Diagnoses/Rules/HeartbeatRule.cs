using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>At least three heartbeats must fit into the session timeout.</summary>
internal sealed class HeartbeatRule() : Rule("DOC-504", "One lost heartbeat moves partitions")
{
    private const int Beats = 3;

    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var consumer = subject.Configuration.Processor.Consumer;
        if ((long)Beats * consumer.HeartbeatIntervalMilliseconds <= consumer.SessionTimeoutMilliseconds)
            yield break;
        yield return Report(
            Severity.Error,
            subject,
            "$.processor.consumer.heartbeatIntervalMilliseconds",
            $"{Of(Beats)} x {Of(consumer.HeartbeatIntervalMilliseconds)} ms = {Of((long)Beats * consumer.HeartbeatIntervalMilliseconds)} ms, "
                + $"the session ends after {Of(consumer.SessionTimeoutMilliseconds)} ms.",
            "A pause of the network moves partitions for nothing; every move stops the group and repeats batches.",
            Fix.Set("$.processor.consumer.heartbeatIntervalMilliseconds", consumer.SessionTimeoutMilliseconds / Beats)
        );
    }
}
