using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>What rules about open requests share: the arithmetic, and how to hold fewer.</summary>
internal static class HeldRequests
{
    private const string Timeout = "$.ingest.producer.deliveryTimeoutMilliseconds";

    public static string Evidence(Examination subject)
    {
        var model = subject.Capacity;
        double mean = subject.Traffic.EventsPerSecond;
        return $"{Of(mean)} events/s ({Of(mean * 86_400 / 1e6)} million a day) x {Of(subject.Traffic.BurstFactor)} in a burst / "
            + $"{Of(subject.Limits.IngestNodes)} nodes{OfSeveral(subject)} = {Of(model.BurstOfNode / subject.Traffic.EventsPerRequest)} requests/s, "
            + $"each held {Seconds(model.HeldSeconds)} while a broker is away, "
            + $"at most {Bytes(subject.Configuration.Ingest.MaximumBytesInFlight)} = {Of(model.HeldRequests)} open requests";
    }

    private static string OfSeveral(Examination subject) =>
        subject.Traffic.EventsPerRequest > 1 ? $" / {Of(subject.Traffic.EventsPerRequest)} events in a request" : "";

    /// <summary>Shorter waiting, then fewer bytes; each halved until it helps.</summary>
    public static IEnumerable<IReadOnlyList<PatchOperation>> Fewer(Examination subject)
    {
        var ingest = subject.Configuration.Ingest;
        var shortest = Math.Max(1_000, ingest.Producer.LingerMilliseconds * 4);
        for (var timeout = ingest.Producer.DeliveryTimeoutMilliseconds / 2; timeout >= shortest; timeout /= 2)
            yield return Fix.Set(
                (Timeout, timeout),
                (
                    "$.ingest.producer.requestTimeoutMilliseconds",
                    Math.Min(ingest.Producer.RequestTimeoutMilliseconds, timeout / 2)
                )
            );
        for (var bytes = ingest.MaximumBytesInFlight / 2; bytes >= ingest.MaximumBodyBytes; bytes /= 2)
            yield return Fix.Set("$.ingest.maximumBytesInFlight", bytes);
        // More nodes share the burst: a change of the machine, so the last resort.
        for (long nodes = subject.Limits.IngestNodes * 2L; nodes <= ConfigurationLimits.Nodes.Maximum; nodes *= 2)
            yield return Fix.Set("$.limits.ingestNodes", nodes);
    }
}
