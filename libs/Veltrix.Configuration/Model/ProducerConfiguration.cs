namespace Veltrix.Configuration;

/// <summary>How ingest writes records to Kafka.</summary>
/// <param name="Acks">Who must have a record before it counts as written.</param>
/// <param name="EnableIdempotence">Whether the broker drops the duplicates that a repeated request would make, and keeps the order.</param>
/// <param name="LingerMilliseconds">How long a record waits for others that can travel with it, in milliseconds.</param>
/// <param name="BatchBytes">Largest batch of records of one partition, in bytes.</param>
/// <param name="DeliveryTimeoutMilliseconds">After which time without an acknowledgement a record is given up and refused, in milliseconds.</param>
/// <param name="RequestTimeoutMilliseconds">How long the broker may take for one request before it is repeated, in milliseconds.</param>
/// <param name="Compression">How batches are compressed.</param>
/// <param name="MaximumInFlightRequests">Requests on their way to one broker at a time.</param>
public sealed record ProducerConfiguration(
    ProducerAcks Acks = ProducerAcks.All,
    bool EnableIdempotence = true,
    int LingerMilliseconds = 5,
    int BatchBytes = 1_000_000,
    int DeliveryTimeoutMilliseconds = 10_000,
    int RequestTimeoutMilliseconds = 5_000,
    ProducerCompression Compression = ProducerCompression.None,
    int MaximumInFlightRequests = 5
);
