using Confluent.Kafka;

namespace Veltrix.Processor.Consuming;

/// <summary>Handles polled batches of one purpose; a batch has its effect as a whole or not at all.</summary>
internal interface IBatchHandler
{
    /// <summary>The purpose, as in the table handled_events; also ends the name of the consumer group.</summary>
    string Purpose { get; }

    /// <summary>
    /// Handles <paramref name="records"/> in one transaction. Repeating a batch, or part of it, must do no harm.
    /// </summary>
    Task HandleAsync(IReadOnlyList<ConsumeResult<byte[], byte[]>> records, CancellationToken cancellation);

    /// <summary>Puts aside the one record that fails for a reason of its own.</summary>
    Task PutAsideAsync(ConsumeResult<byte[], byte[]> record, Exception failure, CancellationToken cancellation);
}
