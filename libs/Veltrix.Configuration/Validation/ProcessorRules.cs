namespace Veltrix.Configuration.Validation;

internal static class ProcessorRules
{
    public static void Check(PlatformConfiguration configuration, ErrorList errors)
    {
        var processor = configuration.Processor;
        errors.Range("$.processor.workers", processor.Workers, ConfigurationLimits.Workers);
        errors.Range(
            "$.processor.maximumBatchEvents",
            processor.MaximumBatchEvents,
            ConfigurationLimits.ProcessorBatchEvents
        );
        errors.Range(
            "$.processor.maximumBatchBytes",
            processor.MaximumBatchBytes,
            ConfigurationLimits.ProcessorBatchBytes
        );
        if (processor.MaximumBatchBytes < configuration.Ingest.MaximumEventBytes)
            errors.Add(
                "$.processor.maximumBatchBytes",
                "An event of the largest size could never be handled.",
                $"at least ingest.maximumEventBytes ({configuration.Ingest.MaximumEventBytes})"
            );
        errors.Range(
            "$.processor.batchSpacingMilliseconds",
            processor.BatchSpacingMilliseconds,
            ConfigurationLimits.BatchSpacingMilliseconds
        );
        errors.Range(
            "$.processor.handlerTimeoutMilliseconds",
            processor.HandlerTimeoutMilliseconds,
            ConfigurationLimits.HandlerTimeoutMilliseconds
        );
        RetryRules.Check(processor.Retry, errors);
        ConsumerRules.Check(processor.Consumer, errors);
    }
}
