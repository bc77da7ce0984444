namespace Veltrix.Broker.Log;

/// <summary>What all logs of a broker share.</summary>
internal sealed record LogEnvironment(
    Disk Disk,
    LogFlusher Flusher,
    TimeProvider Time,
    ILogger Logger,
    int MaximumProducersPerPartition
);
