namespace Veltrix.Broker.Log;

/// <summary>What all logs of a broker share.</summary>
/// <param name="MaximumBatchBytes">Largest content of a batch without its compression, in bytes.</param>
internal sealed record LogEnvironment(
    Disk Disk,
    LogFlusher Flusher,
    TimeProvider Time,
    ILogger Logger,
    int MaximumProducersPerPartition,
    int MaximumBatchBytes = 100 * 1024 * 1024
)
{
    public BatchValidation Validation { get; } = new(MaximumBatchBytes);
}
