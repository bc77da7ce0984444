namespace Veltrix.Configuration;

/// <summary>Limits of the front door.</summary>
/// <param name="MaximumBodyBytes">Largest request body, in bytes.</param>
/// <param name="MaximumBatchEvents">Most events in one batch.</param>
/// <param name="MaximumEventBytes">Largest record (key, headers and value), in bytes.</param>
/// <param name="MaximumBytesInFlight">Most bytes that one node holds between the request and Kafka's acknowledgement.</param>
/// <param name="Producer">How records are written; null means the defaults.</param>
public sealed record IngestConfiguration(
    int MaximumBodyBytes = 4 * 1024 * 1024,
    int MaximumBatchEvents = 1_000,
    int MaximumEventBytes = 512 * 1024,
    long MaximumBytesInFlight = 64 * 1024 * 1024,
    ProducerConfiguration? Producer = null
)
{
    /// <summary>How records are written.</summary>
    public ProducerConfiguration Producer { get; init; } = Producer ?? new();
}
