namespace Veltrix.Configuration.Options;

internal static class ProcessorOptions
{
    public static readonly IReadOnlyList<OptionDescriptor> All =
    [
        new(
            "processor.workers",
            "workers",
            OptionRange.Of(ConfigurationLimits.Workers),
            "How many workers of one node share a batch, split by key."
        )
        {
            Latency = "Fewer events wait behind others.",
            Throughput = "Up to one worker per core helps; beyond that they wait for each other.",
            Memory = "A stack and a share of the batch per worker.",
            Example = "4",
        },
        new(
            "processor.maximumBatchEvents",
            "events",
            OptionRange.Of(ConfigurationLimits.ProcessorBatchEvents),
            "Most events that one transaction handles."
        )
        {
            Latency = "A larger batch takes longer until its first effect is seen.",
            Throughput = "Fewer, larger transactions cost less per event.",
            Memory = "Bounds the rows of a transaction.",
            Example = "5000",
        },
        new(
            "processor.maximumBatchBytes",
            "bytes",
            OptionRange.Of(ConfigurationLimits.ProcessorBatchBytes),
            "Most bytes that one polled batch holds."
        )
        {
            Memory = "Twice this much per consumer: one batch in hand and one gathered.",
            Example = "8388608",
        },
        new(
            "processor.batchSpacingMilliseconds",
            "milliseconds",
            OptionRange.Of(ConfigurationLimits.BatchSpacingMilliseconds),
            "Shortest time between the beginnings of two transactions that are not full."
        )
        {
            Latency = "Adds up to this time to an effect.",
            Throughput = "Longer spacing makes fewer, larger transactions.",
            Example = "25",
        },
        new(
            "processor.handlerTimeoutMilliseconds",
            "milliseconds",
            OptionRange.Of(ConfigurationLimits.HandlerTimeoutMilliseconds),
            "How long the transaction of one batch may take before it is rolled back and repeated."
        )
        {
            Latency = "A stuck transaction blocks its partitions this long.",
            Throughput = "Too short a time repeats work that would have finished.",
            Example = "20000",
        },
        new(
            "processor.retry.firstMilliseconds",
            "milliseconds",
            OptionRange.Of(ConfigurationLimits.RetryMilliseconds),
            "The first pause after a passing failure; each further one is twice as long."
        )
        {
            Latency = "Delays the batch that failed.",
            Throughput = "Too short a pause hits a struggling database again at once.",
            Example = "100",
        },
        new(
            "processor.retry.longestMilliseconds",
            "milliseconds",
            OptionRange.Of(ConfigurationLimits.RetryMilliseconds),
            "The longest pause between two attempts."
        )
        {
            Latency = "How long after a recovery the first attempt may come.",
            Example = "10000",
        },
    ];
}
