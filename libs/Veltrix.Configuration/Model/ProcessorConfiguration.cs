namespace Veltrix.Configuration;

/// <summary>How events are handled.</summary>
/// <param name="Workers">How many workers of one node share a polled batch, split by key.</param>
/// <param name="MaximumBatchEvents">Most events that one transaction handles.</param>
/// <param name="MaximumBatchBytes">Most bytes that one polled batch holds.</param>
/// <param name="BatchSpacingMilliseconds">Shortest time between the beginnings of two transactions that are not full, in milliseconds.</param>
/// <param name="HandlerTimeoutMilliseconds">How long the transaction of one batch may take before it is rolled back and repeated, in milliseconds.</param>
/// <param name="Retry">Pauses between attempts; null means the defaults.</param>
/// <param name="Consumer">How records are read; null means the defaults.</param>
public sealed record ProcessorConfiguration(
    int Workers = 2,
    int MaximumBatchEvents = 2_000,
    int MaximumBatchBytes = 16 * 1024 * 1024,
    int BatchSpacingMilliseconds = 15,
    int HandlerTimeoutMilliseconds = 30_000,
    RetryConfiguration? Retry = null,
    ConsumerConfiguration? Consumer = null
)
{
    /// <summary>Pauses between attempts.</summary>
    public RetryConfiguration Retry { get; init; } = Retry ?? new();

    /// <summary>How records are read.</summary>
    public ConsumerConfiguration Consumer { get; init; } = Consumer ?? new();
}
