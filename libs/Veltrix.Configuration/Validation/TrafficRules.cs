namespace Veltrix.Configuration.Validation;

internal static class TrafficRules
{
    public static void Check(TrafficConfiguration traffic, ErrorList errors)
    {
        errors.Range("$.traffic.eventsPerSecond", traffic.EventsPerSecond, ConfigurationLimits.EventsPerSecond);
        errors.Range("$.traffic.burstFactor", traffic.BurstFactor, ConfigurationLimits.BurstFactor);
        errors.Range("$.traffic.burstSeconds", traffic.BurstSeconds, ConfigurationLimits.BurstSeconds);
        errors.Range("$.traffic.averageEventBytes", traffic.AverageEventBytes, ConfigurationLimits.TrafficEventBytes);
        errors.Range("$.traffic.largestEventBytes", traffic.LargestEventBytes, ConfigurationLimits.TrafficEventBytes);
        errors.Range("$.traffic.hottestKeyShare", traffic.HottestKeyShare, ConfigurationLimits.HottestKeyShare);
        errors.Range(
            "$.traffic.brokerOutageSeconds",
            traffic.BrokerOutageSeconds,
            ConfigurationLimits.BrokerOutageSeconds
        );
        errors.Range(
            "$.traffic.processorOutageMinutes",
            traffic.ProcessorOutageMinutes,
            ConfigurationLimits.ProcessorOutageMinutes
        );
        errors.Range("$.traffic.eventsPerRequest", traffic.EventsPerRequest, ConfigurationLimits.EventsPerRequest);
        if (traffic.AverageEventBytes > traffic.LargestEventBytes)
            errors.Add(
                "$.traffic.largestEventBytes",
                "The largest event is smaller than the mean.",
                $"at least traffic.averageEventBytes ({traffic.AverageEventBytes})"
            );
    }
}
