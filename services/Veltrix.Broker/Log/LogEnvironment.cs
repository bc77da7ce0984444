namespace Veltrix.Broker.Log;

/// <summary>What all logs of a broker share.</summary>
internal sealed record LogEnvironment(
    Disk Disk,
    LogFlusher Flusher,
    TimeProvider Time,
    ILogger Logger,
    int MaximumProducersPerPartition
)
{
    /// <summary>What of all logs stays in memory.</summary>
    public PageCache PageCache { get; init; } = new(Disk, limitBytes: 0);

    /// <summary>Largest content of a batch without its compression, where somebody has to look inside, in bytes.</summary>
    public int MaximumBatchBytes { get; init; } = 100 * 1024 * 1024;
}
