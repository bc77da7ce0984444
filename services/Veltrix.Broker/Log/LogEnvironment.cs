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
    /// <summary>What of all logs stays in memory.</summary>
    public PageCache PageCache { get; init; } = new(Disk, limitBytes: 0);

    public Checkpoints Checkpoints { get; init; } = new(Disk, Flusher, Logger, fileSystem: null);

    public BatchValidation Validation { get; } = new(MaximumBatchBytes);
}
