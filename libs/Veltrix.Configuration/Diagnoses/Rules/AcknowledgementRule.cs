using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>Only acks=all waits for the replicas that survive a broker.</summary>
internal sealed class AcknowledgementRule() : Rule("DOC-101", "Events are acknowledged before they are safe")
{
    private const string Path = "$.ingest.producer.acks";

    // Kafka's replica.fetch.wait.max.ms: a follower may be this far behind.
    private const double ReplicaSeconds = 0.5;

    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var acks = subject.Configuration.Ingest.Producer.Acks;
        if (acks == ProducerAcks.All)
            yield break;
        yield return Report(
            Severity.Error,
            subject,
            Path,
            acks == ProducerAcks.None ? Unheard(subject) : Uncopied(subject),
            "Producers get 202 for events that no broker keeps; nobody is told.",
            Fix.Set(Path, "all")
        );
    }

    private static string Unheard(Examination subject)
    {
        double rate = subject.Traffic.EventsPerSecond;
        double outage = subject.Traffic.BrokerOutageSeconds;
        return $"acks=none does not wait for an answer: {Of(rate)} events/s x {Of(outage)} s without a broker = "
            + $"{Of(rate * outage)} events lost, {Percent(rate * outage / (rate * 3_600))} of the {Of(rate * 3_600)} of an hour.";
    }

    private static string Uncopied(Examination subject) =>
        $"acks=leader counts what only the leader has: {Of(subject.Capacity.BurstEventsPerSecond)} events/s x "
        + $"{Of(ReplicaSeconds)} s that a replica may be behind = {Of(subject.Capacity.BurstEventsPerSecond * ReplicaSeconds)} "
        + "events lost each time a leader dies.";
}
