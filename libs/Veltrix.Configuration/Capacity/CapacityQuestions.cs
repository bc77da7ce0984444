namespace Veltrix.Configuration.Capacity;

/// <summary>Questions that operators ask the model.</summary>
public static class CapacityQuestions
{
    /// <summary>All answers at once.</summary>
    public static CapacityAnswers Ask(PlatformConfiguration configuration)
    {
        var model = new CapacityModel(configuration);
        return new(
            model.First,
            model.Stages,
            double.IsInfinity(model.DrainSeconds) ? null : model.DrainSeconds,
            CostOf(configuration, 2),
            BestChange(configuration)
        );
    }

    /// <summary>The rate at which the first stage saturates: what this configuration can take.</summary>
    public static StageCapacity LargestRate(PlatformConfiguration configuration) =>
        new CapacityModel(configuration).First;

    /// <summary>What <paramref name="factor"/> times the traffic would need on nodes of the same kind.</summary>
    public static CapacityCost CostOf(PlatformConfiguration configuration, double factor)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(factor);
        var model = new CapacityModel(configuration);
        var limits = configuration.Limits;
        var mean = configuration.Traffic.EventsPerSecond * factor;
        var burst = model.BurstEventsPerSecond * factor;
        var ofIngest = model.Ingest.EventsPerSecond / limits.IngestNodes;
        var ofProcessor = model.Processor.EventsPerSecond / model.BusyProcessors;
        var processors = Nodes(mean, ofProcessor);
        var most = configuration.Clusters.Max(cluster => cluster.Topics.Max(topic => topic.Partitions));
        var isPossible =
            processors <= most && mean <= Math.Min(model.Database.EventsPerSecond, model.HottestKey.EventsPerSecond);
        return new(mean, Nodes(burst, ofIngest), isPossible ? processors : null, model.KeptBytes * factor);
    }

    /// <summary>The one change of a single option after which the first stage saturates latest; null when none helps.</summary>
    public static CapacityChange? BestChange(PlatformConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var now = LargestRate(configuration).EventsPerSecond;
        var best = Changes(configuration)
            .Select(change => new CapacityChange(
                change.Path,
                change.Value,
                LargestRate(change.Changed).EventsPerSecond
            ))
            .MaxBy(change => change.EventsPerSecond)!;
        return best.EventsPerSecond > now ? best : null;
    }

    private static int Nodes(double rate, double ofOne) =>
        (int)Math.Ceiling(rate / (ofOne * ServiceTimes.HealthyUtilisation));

    private static IEnumerable<(string Path, long Value, PlatformConfiguration Changed)> Changes(
        PlatformConfiguration configuration
    )
    {
        var (ingest, processor, limits) = (configuration.Ingest, configuration.Processor, configuration.Limits);
        var workers = Math.Min(limits.Cores, ConfigurationLimits.Workers.Maximum);
        yield return (
            "$.processor.workers",
            workers,
            configuration with
            {
                Processor = processor with { Workers = workers },
            }
        );
        var events = Math.Min(2 * processor.MaximumBatchEvents, ConfigurationLimits.ProcessorBatchEvents.Maximum);
        yield return (
            "$.processor.maximumBatchEvents",
            events,
            configuration with
            {
                Processor = processor with { MaximumBatchEvents = events },
            }
        );
        var spacing = Math.Min(
            Math.Max(1, 2 * processor.BatchSpacingMilliseconds),
            ConfigurationLimits.BatchSpacingMilliseconds.Maximum
        );
        yield return (
            "$.processor.batchSpacingMilliseconds",
            spacing,
            configuration with
            {
                Processor = processor with { BatchSpacingMilliseconds = spacing },
            }
        );
        var bytes = Math.Min(2 * ingest.MaximumBytesInFlight, ConfigurationLimits.BytesInFlight.Maximum);
        yield return (
            "$.ingest.maximumBytesInFlight",
            bytes,
            configuration with
            {
                Ingest = ingest with { MaximumBytesInFlight = bytes },
            }
        );
        yield return (
            "$.limits.ingestNodes",
            limits.IngestNodes + 1,
            configuration with
            {
                Limits = limits with { IngestNodes = limits.IngestNodes + 1 },
            }
        );
        yield return (
            "$.limits.processorNodes",
            limits.ProcessorNodes + 1,
            configuration with
            {
                Limits = limits with { ProcessorNodes = limits.ProcessorNodes + 1 },
            }
        );
        if (limits.Machines > 0)
            yield return (
                "$.limits.machines",
                limits.Machines + 1,
                configuration with
                {
                    Limits = limits with { Machines = limits.Machines + 1 },
                }
            );
    }
}
