using Veltrix.Configuration.Capacity;

namespace Veltrix.Configuration.Differences;

/// <summary>What a change does to one number that the capacity model predicts.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Unit">Its unit: bytes, events/s, seconds or milliseconds.</param>
/// <param name="Before">Before the change; null when it has no bound.</param>
/// <param name="After">After it; null when it has no bound.</param>
public sealed record ConfigurationEffect(string Name, string Unit, double? Before, double? After)
{
    private const double MillisecondsPerSecond = 1_000;

    /// <summary>The numbers that differ, under the traffic and the limits of each document; none when the change costs and brings nothing.</summary>
    public static IReadOnlyList<ConfigurationEffect> Between(PlatformConfiguration before, PlatformConfiguration after)
    {
        var old = Numbers(before);
        return
        [
            .. Numbers(after)
                .Select((number, index) => number with { Before = old[index].After })
                .Where(effect => !Nullable.Equals(effect.Before, effect.After)),
        ];
    }

    private static IReadOnlyList<ConfigurationEffect> Numbers(PlatformConfiguration configuration)
    {
        var model = new CapacityModel(configuration);
        return
        [
            Of("memory of an ingest node, worst case", "bytes", model.IngestNode.MemoryBytes),
            Of("memory of a processor node, worst case", "bytes", model.ProcessorNode.MemoryBytes),
            Of("rate at which the first stage saturates", "events/s", model.First.EventsPerSecond),
            Of("rate that is handled at most", "events/s", model.Handled),
            Of("time until a burst has drained", "seconds", model.DrainSeconds),
            Of("waiting on purpose: linger and spacing", "milliseconds", Waiting(configuration)),
            Of("transaction of a full batch", "milliseconds", model.BatchSeconds * MillisecondsPerSecond),
        ];
    }

    private static double Waiting(PlatformConfiguration configuration) =>
        configuration.Ingest.Producer.LingerMilliseconds + configuration.Processor.BatchSpacingMilliseconds;

    private static ConfigurationEffect Of(string name, string unit, double value) =>
        new(name, unit, Before: null, double.IsFinite(value) ? value : null);
}
