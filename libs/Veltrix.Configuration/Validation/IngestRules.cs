namespace Veltrix.Configuration.Validation;

internal static class IngestRules
{
    public static void Check(IngestConfiguration ingest, ErrorList errors)
    {
        errors.Range("$.ingest.maximumBodyBytes", ingest.MaximumBodyBytes, ConfigurationLimits.BodyBytes);
        errors.Range("$.ingest.maximumBatchEvents", ingest.MaximumBatchEvents, ConfigurationLimits.IngestBatchEvents);
        errors.Range("$.ingest.maximumEventBytes", ingest.MaximumEventBytes, ConfigurationLimits.EventBytes);
        errors.Range("$.ingest.maximumBytesInFlight", ingest.MaximumBytesInFlight, ConfigurationLimits.BytesInFlight);
        if (ingest.MaximumEventBytes > ingest.MaximumBodyBytes)
            errors.Add(
                "$.ingest.maximumEventBytes",
                "An event of this size does not fit into a request body.",
                $"at most ingest.maximumBodyBytes ({ingest.MaximumBodyBytes})"
            );
        if (ingest.MaximumBodyBytes > ingest.MaximumBytesInFlight)
            errors.Add(
                "$.ingest.maximumBytesInFlight",
                "A request body of the largest size could never be taken.",
                $"at least ingest.maximumBodyBytes ({ingest.MaximumBodyBytes})"
            );
        ProducerRules.Check(ingest.Producer, errors);
    }
}
