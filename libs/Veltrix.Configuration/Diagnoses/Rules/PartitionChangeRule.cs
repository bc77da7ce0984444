using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>A key goes to hash modulo partitions: another number sends it elsewhere while its older events still wait.</summary>
internal sealed class PartitionChangeRule() : Rule("DOC-201", "Another number of partitions breaks the order of keys")
{
    public override IEnumerable<Finding> Examine(Examination subject)
    {
        foreach (var (path, topic) in subject.Topics())
            if (Before(subject, topic) is { } before && before != topic.Partitions)
                yield return Report(
                    Severity.Error,
                    subject,
                    $"{path}.partitions",
                    Evidence(subject, topic, before),
                    $"Events of {Percent(Moved(before, topic.Partitions))} of the keys of {topic.Name} can overtake each other.",
                    Fix.Set($"{path}.partitions", before)
                );
    }

    private static int? Before(Examination subject, TopicConfiguration topic) =>
        subject
            .Previous?.Clusters.SelectMany(cluster => cluster.Topics)
            .FirstOrDefault(previous => string.Equals(previous.Name, topic.Name, StringComparison.Ordinal))
            ?.Partitions;

    private static string Evidence(Examination subject, TopicConfiguration topic, int before)
    {
        var limits = subject.Limits;
        var linger = subject.Configuration.Ingest.Producer.LingerMilliseconds / 1_000.0;
        var rate = (double)subject.Traffic.EventsPerSecond / limits.IngestNodes;
        return $"{Of(before)} before, {Of(topic.Partitions)} now: hash modulo {Of(before)} and modulo {Of(topic.Partitions)} agree for "
            + $"{Percent(1 - Moved(before, topic.Partitions))} of the keys, {Percent(Moved(before, topic.Partitions))} move. "
            + $"Nor is it faster: each of {Of(limits.IngestNodes)} nodes sends {Of(rate)} events/s x {Seconds(linger)} / "
            + $"{Of(topic.Partitions)} partitions = {Of(rate * linger / topic.Partitions)} records per batch, before "
            + $"{Of(rate * linger / before)}.";
    }

    // Both remainders agree for min(p, q) of every lcm(p, q) hashes.
    private static double Moved(int before, int now) =>
        1 - ((double)Math.Min(before, now) / LeastMultiple(before, now));

    private static long LeastMultiple(long left, long right)
    {
        var (a, b) = (left, right);
        while (b != 0)
            (a, b) = (b, a % b);
        return left / a * right;
    }
}
