namespace Veltrix.Configuration.Options;

internal static class EventTypeOptions
{
    public static readonly IReadOnlyList<OptionDescriptor> All =
    [
        new(
            "eventTypes",
            "list",
            OptionRange.Of(ConfigurationLimits.EventTypes),
            "What may come in, and where it goes; the first match wins."
        )
        {
            Loss = "Events of a type that is not here are refused, not lost.",
            Example = "[{ \"type\": \"com.example.order.*\", \"topic\": \"orders\" }]",
        },
        new("eventTypes[].type", "CloudEvents type", null, "Type, or a prefix that ends in .*")
        {
            Example = "\"com.example.order.placed\"",
        },
        new("eventTypes[].topic", "name", null, "Topic that takes these events.") { Example = "\"players\"" },
        new(
            "eventTypes[].maximumBytes",
            "bytes",
            OptionRange.Of(ConfigurationLimits.TypeBytes),
            "Largest record of this type; null means ingest.maximumEventBytes."
        )
        {
            Latency = "Small records are not held up behind large ones.",
            Memory = "Bounds what one event can take.",
            Loss = "Larger events are refused with 413, not lost.",
            Example = "16384",
        },
        new(
            "eventTypes[].key",
            "name",
            null,
            "Which attribute is the record's key: partitionkey (else subject, else id), subject (else id), source or id. "
                + "Events of one key are handled in order. The key's murmur2 hash chooses the partition, as Java clients "
                + "compute it; the partitioner is no option, since any other would only part the events of a key."
        )
        {
            Latency = "Events of a busy key wait for each other.",
            Throughput = "One key is handled by one worker; finer keys use more of them.",
            Loss = "None, but order: with id any event can overtake any other.",
            Example = "\"subject\"",
        },
    ];
}
