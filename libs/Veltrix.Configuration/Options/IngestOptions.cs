namespace Veltrix.Configuration.Options;

internal static class IngestOptions
{
    public static readonly IReadOnlyList<OptionDescriptor> All =
    [
        new("ingest.maximumBodyBytes", "bytes", OptionRange.Of(ConfigurationLimits.BodyBytes), "Largest request body.")
        {
            Throughput = "Larger batches cost less per event.",
            Memory = "One request can hold this much of the budget in flight.",
            Loss = "Larger requests are refused with 413, not lost.",
            Example = "8388608",
        },
        new(
            "ingest.maximumBatchEvents",
            "events",
            OptionRange.Of(ConfigurationLimits.IngestBatchEvents),
            "Most events in one batch."
        )
        {
            Latency = "A batch is answered when its last event is durable.",
            Throughput = "Batches take about ten times the rate of single events.",
            Example = "2000",
        },
        new(
            "ingest.maximumEventBytes",
            "bytes",
            OptionRange.Of(ConfigurationLimits.EventBytes),
            "Largest record: key, headers and value."
        )
        {
            Latency = "A large record holds up those behind it.",
            Memory = "Bounds each buffer that holds one event.",
            Loss = "Larger events are refused with 413, not lost.",
            Example = "65536",
        },
        new(
            "ingest.maximumBytesInFlight",
            "bytes",
            OptionRange.Of(ConfigurationLimits.BytesInFlight),
            "Most bytes that one node holds between the request and the acknowledgement."
        )
        {
            Latency = "More bytes wait longer while the broker is slow.",
            Throughput = "Too small a budget refuses bursts with 429 or 503.",
            Memory = "About twice this much per node: the request and the producer's copy.",
            Loss = "None: what is not accepted is refused with Retry-After.",
            Example = "134217728",
        },
    ];
}
