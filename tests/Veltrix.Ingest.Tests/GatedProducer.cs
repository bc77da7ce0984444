using Confluent.Kafka;

namespace Veltrix.Ingest.Tests;

/// <summary>The real producer behind a gate: a test holds records back, or has them fail as Kafka would have it.</summary>
internal sealed class GatedProducer(IProducer<byte[], byte[]?> producer) : IProducer<byte[], byte[]?>
{
    private readonly Lock _gate = new();
    private readonly List<Action> _held = [];
    private bool _isHolding;
    private volatile bool _isDisposed;

    /// <summary>Reports every further record as failed with this; null for none.</summary>
    public Func<Message<byte[], byte[]?>, ErrorCode?> Failure { get; set; } = _ => null;

    /// <summary>Refuses every further record with this at once; null for none.</summary>
    public Func<Message<byte[], byte[]?>, ErrorCode?> Refusal { get; set; } = _ => null;

    public Handle Handle => producer.Handle;

    public string Name => producer.Name;

    public int HeldCount
    {
        get
        {
            lock (_gate)
                return _held.Count;
        }
    }

    public void Hold()
    {
        lock (_gate)
            _isHolding = true;
    }

    public void Release()
    {
        List<Action> held;
        lock (_gate)
        {
            _isHolding = false;
            held = [.. _held];
            _held.Clear();
        }
        held.ForEach(send => send());
    }

    public void Produce(
        string topic,
        Message<byte[], byte[]?> message,
        Action<DeliveryReport<byte[], byte[]?>>? deliveryHandler = null
    )
    {
        if (Refusal(message) is { } refusal)
            throw new ProduceException<byte[], byte[]?>(
                new Error(refusal),
                new DeliveryResult<byte[], byte[]?> { Message = message }
            );
        if (Failure(message) is { } failure)
        {
            deliveryHandler?.Invoke(
                new DeliveryReport<byte[], byte[]?>
                {
                    Topic = topic,
                    Message = message,
                    Error = new Error(failure),
                }
            );
            return;
        }
        lock (_gate)
        {
            if (_isHolding)
            {
                _held.Add(() => producer.Produce(topic, message, deliveryHandler));
                return;
            }
        }
        producer.Produce(topic, message, deliveryHandler);
    }

    /// <summary>The test host stops a node once more that has already ended.</summary>
    public int Flush(TimeSpan timeout) => _isDisposed ? 0 : producer.Flush(timeout);

    public void Flush(CancellationToken cancellationToken = default) => producer.Flush(cancellationToken);

    public void Dispose()
    {
        _isDisposed = true;
        producer.Dispose();
    }

    public int AddBrokers(string brokers) => producer.AddBrokers(brokers);

    public int Poll(TimeSpan timeout) => producer.Poll(timeout);

    public Task<DeliveryResult<byte[], byte[]?>> ProduceAsync(
        string topic,
        Message<byte[], byte[]?> message,
        CancellationToken cancellationToken = default
    ) => throw Unused();

    public Task<DeliveryResult<byte[], byte[]?>> ProduceAsync(
        TopicPartition topicPartition,
        Message<byte[], byte[]?> message,
        CancellationToken cancellationToken = default
    ) => throw Unused();

    public void Produce(
        TopicPartition topicPartition,
        Message<byte[], byte[]?> message,
        Action<DeliveryReport<byte[], byte[]?>>? deliveryHandler = null
    ) => throw Unused();

    public void InitTransactions(TimeSpan timeout) => throw Unused();

    public void BeginTransaction() => throw Unused();

    public void CommitTransaction(TimeSpan timeout) => throw Unused();

    public void CommitTransaction() => throw Unused();

    public void AbortTransaction(TimeSpan timeout) => throw Unused();

    public void AbortTransaction() => throw Unused();

    public void SendOffsetsToTransaction(
        IEnumerable<TopicPartitionOffset> offsets,
        IConsumerGroupMetadata groupMetadata,
        TimeSpan timeout
    ) => throw Unused();

    public void SetSaslCredentials(string username, string password) => throw Unused();

    private static NotSupportedException Unused() => new("Ingest does not use this.");
}
