using Veltrix.Configuration;

namespace Veltrix.ServiceDefaults.Configuration;

/// <summary>What a service measures for its node report; the reporter takes it once a second, which starts the next interval.</summary>
public interface INodeMeasurements
{
    /// <summary>Counts since the last call. Thread-safe.</summary>
    NodeMeasurement Take();
}

/// <summary>One interval.</summary>
/// <param name="Events">Events accepted or handled.</param>
/// <param name="Errors">Events refused or failed.</param>
/// <param name="LatencyP50Milliseconds">Median latency; null without events.</param>
/// <param name="LatencyP99Milliseconds">99th percentile; null without events.</param>
/// <param name="Workers">Workers that run now, where the service has some.</param>
/// <param name="Latency">The latencies; null without events.</param>
/// <param name="Handling">Handling times, where the service measures them; null without events.</param>
/// <param name="Queue">How full the buffers were, where the service has some.</param>
/// <param name="ErrorsByCode">The most frequent errors; null without any.</param>
/// <param name="HandledTypes">Event types that the service has a handler for; null where it handles none.</param>
public sealed record NodeMeasurement(
    long Events,
    long Errors,
    double? LatencyP50Milliseconds,
    double? LatencyP99Milliseconds,
    int? Workers = null,
    LatencyHistogram? Latency = null,
    LatencyHistogram? Handling = null,
    QueueOccupancy? Queue = null,
    IReadOnlyList<ErrorCount>? ErrorsByCode = null,
    IReadOnlyList<string>? HandledTypes = null
);
