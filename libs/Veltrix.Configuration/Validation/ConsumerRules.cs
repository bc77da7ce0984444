namespace Veltrix.Configuration.Validation;

internal static class ConsumerRules
{
    public static void Check(ConsumerConfiguration consumer, ErrorList errors)
    {
        errors.Range(
            "$.processor.consumer.sessionTimeoutMilliseconds",
            consumer.SessionTimeoutMilliseconds,
            ConfigurationLimits.SessionTimeoutMilliseconds
        );
        errors.Range(
            "$.processor.consumer.heartbeatIntervalMilliseconds",
            consumer.HeartbeatIntervalMilliseconds,
            ConfigurationLimits.HeartbeatIntervalMilliseconds
        );
        errors.Range(
            "$.processor.consumer.maximumPollIntervalMilliseconds",
            consumer.MaximumPollIntervalMilliseconds,
            ConfigurationLimits.PollIntervalMilliseconds
        );
        errors.Range(
            "$.processor.consumer.fetchWaitMilliseconds",
            consumer.FetchWaitMilliseconds,
            ConfigurationLimits.FetchWaitMilliseconds
        );
        errors.Range(
            "$.processor.consumer.queuedKilobytes",
            consumer.QueuedKilobytes,
            ConfigurationLimits.QueuedKilobytes
        );
    }
}
