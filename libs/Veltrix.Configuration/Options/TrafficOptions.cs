namespace Veltrix.Configuration.Options;

internal static class TrafficOptions
{
    public static readonly IReadOnlyList<OptionDescriptor> All =
    [
        new(
            "traffic.eventsPerSecond",
            "events per second",
            OptionRange.Of(ConfigurationLimits.EventsPerSecond),
            "Mean rate of all producers together."
        )
        {
            Example = "5787",
        },
        new(
            "traffic.burstFactor",
            "times the mean",
            OptionRange.Of(ConfigurationLimits.BurstFactor),
            "How many times the mean a burst is."
        )
        {
            Example = "10",
        },
        new(
            "traffic.burstSeconds",
            "seconds",
            OptionRange.Of(ConfigurationLimits.BurstSeconds),
            "How long a burst lasts."
        )
        {
            Example = "120",
        },
        new(
            "traffic.averageEventBytes",
            "bytes",
            OptionRange.Of(ConfigurationLimits.TrafficEventBytes),
            "Mean size of an event as it is sent."
        )
        {
            Example = "400",
        },
        new(
            "traffic.largestEventBytes",
            "bytes",
            OptionRange.Of(ConfigurationLimits.TrafficEventBytes),
            "Size of the largest event as it is sent."
        )
        {
            Example = "131072",
        },
        new(
            "traffic.hottestKeyShare",
            "per cent",
            OptionRange.Of(ConfigurationLimits.HottestKeyShare),
            "Share of all events that the busiest key has."
        )
        {
            Example = "10",
        },
        new(
            "traffic.brokerOutageSeconds",
            "seconds",
            OptionRange.Of(ConfigurationLimits.BrokerOutageSeconds),
            "Longest time that a broker is away and no client may notice."
        )
        {
            Example = "8",
        },
        new(
            "traffic.processorOutageMinutes",
            "minutes",
            OptionRange.Of(ConfigurationLimits.ProcessorOutageMinutes),
            "Longest time that no processor runs; retention must cover it."
        )
        {
            Example = "2880",
        },
        new(
            "traffic.eventsPerRequest",
            "events",
            OptionRange.Of(ConfigurationLimits.EventsPerRequest),
            "How many events a producer sends in one request, as a mean."
        )
        {
            Example = "50",
        },
    ];
}
