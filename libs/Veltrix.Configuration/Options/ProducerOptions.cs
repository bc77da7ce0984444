namespace Veltrix.Configuration.Options;

internal static class ProducerOptions
{
    public static readonly IReadOnlyList<OptionDescriptor> All =
    [
        new(
            "ingest.producer.acks",
            "name",
            null,
            "Who must have a record before it counts as written: all, leader or none."
        )
        {
            Latency = "all waits for the replicas in sync.",
            Throughput = "Hardly any effect with batches.",
            Loss = "leader loses what was not copied yet when the leader dies; none loses whatever does not arrive.",
            Example = "\"all\"",
        },
        new(
            "ingest.producer.enableIdempotence",
            "switch",
            null,
            "Whether the broker drops duplicates of repeated requests and keeps their order."
        )
        {
            Throughput = "At most five requests in flight to one broker.",
            Loss = "Without it a repeated request duplicates records and can change their order.",
            Example = "true",
        },
        new(
            "ingest.producer.lingerMilliseconds",
            "milliseconds",
            OptionRange.Of(ConfigurationLimits.LingerMilliseconds),
            "How long a record waits for others that can travel with it."
        )
        {
            Latency = "Adds up to this time to every event.",
            Throughput = "More records per request.",
            Memory = "Rate times this time waits in the producer.",
            Example = "10",
        },
        new(
            "ingest.producer.batchBytes",
            "bytes",
            OptionRange.Of(ConfigurationLimits.ProducerBatchBytes),
            "Largest batch of records of one partition."
        )
        {
            Throughput = "Larger batches cost less per record.",
            Memory = "One batch per partition and node.",
            Example = "262144",
        },
        new(
            "ingest.producer.deliveryTimeoutMilliseconds",
            "milliseconds",
            OptionRange.Of(ConfigurationLimits.DeliveryTimeoutMilliseconds),
            "After which time without an acknowledgement a record is given up and its request answered with 503."
        )
        {
            Latency = "The longest time that a request can wait.",
            Memory = "Bytes and connections are held this long while the broker is away.",
            Loss = "None: the client is told. Shorter than an outage, clients must send again.",
            Example = "15000",
        },
        new(
            "ingest.producer.requestTimeoutMilliseconds",
            "milliseconds",
            OptionRange.Of(ConfigurationLimits.RequestTimeoutMilliseconds),
            "How long the broker may take for one request before it is repeated."
        )
        {
            Latency = "A lost request costs this much before the next attempt.",
            Loss = "Longer than the delivery timeout it leaves no second attempt.",
            Example = "3000",
        },
        new("ingest.producer.compression", "name", null, "How batches are compressed: none, gzip, snappy, lz4 or zstd.")
        {
            Latency = "Compressing takes processor time of ingest.",
            Throughput = "Fewer bytes on the network.",
            Memory = "Less disk for the same retention.",
            Example = "\"lz4\"",
        },
        new(
            "ingest.producer.maximumInFlightRequests",
            "requests",
            OptionRange.Of(ConfigurationLimits.InFlightRequests),
            "Requests on their way to one broker at a time."
        )
        {
            Throughput = "1 waits for each answer; more overlap.",
            Loss = "More than 1 without idempotence can change the order of a key after a repeat.",
            Example = "5",
        },
    ];
}
