namespace Veltrix.Configuration.Validation;

internal static class ProducerRules
{
    public static void Check(ProducerConfiguration producer, ErrorList errors)
    {
        errors.Range(
            "$.ingest.producer.lingerMilliseconds",
            producer.LingerMilliseconds,
            ConfigurationLimits.LingerMilliseconds
        );
        errors.Range("$.ingest.producer.batchBytes", producer.BatchBytes, ConfigurationLimits.ProducerBatchBytes);
        errors.Range(
            "$.ingest.producer.deliveryTimeoutMilliseconds",
            producer.DeliveryTimeoutMilliseconds,
            ConfigurationLimits.DeliveryTimeoutMilliseconds
        );
        errors.Range(
            "$.ingest.producer.requestTimeoutMilliseconds",
            producer.RequestTimeoutMilliseconds,
            ConfigurationLimits.RequestTimeoutMilliseconds
        );
        errors.Range(
            "$.ingest.producer.maximumInFlightRequests",
            producer.MaximumInFlightRequests,
            ConfigurationLimits.InFlightRequests
        );
    }
}
