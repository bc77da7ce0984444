namespace Veltrix.Configuration.Options;

internal static class ConsumerOptions
{
    public static readonly IReadOnlyList<OptionDescriptor> All =
    [
        new(
            "processor.consumer.sessionTimeoutMilliseconds",
            "milliseconds",
            OptionRange.Of(ConfigurationLimits.SessionTimeoutMilliseconds),
            "After which silence a member is taken for dead."
        )
        {
            Latency = "Partitions of a killed node wait this long for the next owner.",
            Throughput = "Too short a time causes rebalances that stop everyone.",
            Example = "10000",
        },
        new(
            "processor.consumer.heartbeatIntervalMilliseconds",
            "milliseconds",
            OptionRange.Of(ConfigurationLimits.HeartbeatIntervalMilliseconds),
            "Time between two heartbeats of a member."
        )
        {
            Throughput = "Three or more must fit into the session timeout, else one lost beat moves partitions.",
            Example = "2000",
        },
        new(
            "processor.consumer.maximumPollIntervalMilliseconds",
            "milliseconds",
            OptionRange.Of(ConfigurationLimits.PollIntervalMilliseconds),
            "After which time without a poll a member is thrown out of its group."
        )
        {
            Latency = "How long a stuck node keeps its partitions.",
            Loss = "None, but a batch that takes longer than this is handled by two members.",
            Example = "120000",
        },
        new(
            "processor.consumer.fetchWaitMilliseconds",
            "milliseconds",
            OptionRange.Of(ConfigurationLimits.FetchWaitMilliseconds),
            "How long the broker may hold a fetch that finds nothing."
        )
        {
            Throughput = "Longer waits mean fewer empty requests; a record that arrives is sent at once.",
            Example = "250",
        },
        new(
            "processor.consumer.queuedKilobytes",
            "kilobytes of 1,024 bytes",
            OptionRange.Of(ConfigurationLimits.QueuedKilobytes),
            "Most that a consumer reads ahead."
        )
        {
            Throughput = "Too little leaves workers waiting for the network.",
            Memory = "This much per consumer; a node has two.",
            Example = "32768",
        },
        new(
            "processor.consumer.enableAutoCommit",
            "switch",
            null,
            "Whether offsets are committed by time, whatever was handled."
        )
        {
            Loss = "With true a crash loses what was committed and not yet handled.",
            Example = "false",
        },
        new(
            "processor.consumer.autoOffsetReset",
            "name",
            null,
            "Where a group without a committed offset begins: earliest or latest."
        )
        {
            Latency = "earliest reads what is kept before it reaches the present.",
            Loss = "latest skips what was written before the group existed.",
            Example = "\"earliest\"",
        },
    ];
}
