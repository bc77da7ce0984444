using Confluent.Kafka;

namespace Veltrix.Ingest.Kafka;

/// <summary>
/// Sends what is still queued before the process ends. Requests were answered by then; what is left belongs to clients
/// that went away, and for them every delivered record spares a repetition.
/// </summary>
internal sealed class ProducerDrain(IProducer<byte[], byte[]?> producer) : IHostedService
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(0.5);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.Run(() => producer.Flush(Limit), CancellationToken.None);
}
