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
    ];
}
