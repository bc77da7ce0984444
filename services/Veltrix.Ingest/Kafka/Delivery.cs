using Confluent.Kafka;
using Veltrix.Events;

namespace Veltrix.Ingest.Kafka;

/// <summary>
/// The records of one request on their way to Kafka. One handler serves all of them: a failed report names its record
/// by the key array, which is an object of its own for each.
/// </summary>
internal sealed class Delivery
{
    private readonly byte[]?[] _keys;
    private readonly EventFault?[] _faults;
    private readonly LeasedProducer _producer;
    private readonly TopicKeeper _topics;
    private readonly Action<DeliveryReport<byte[], byte[]?>> _handler;
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // One for the request itself, until it has handed over its last record.
    private int _open = 1;

    /// <param name="count">Events of the request.</param>
    /// <param name="producer">Taken for this delivery, which releases it.</param>
    /// <param name="topics">Hears of topics that are gone.</param>
    public Delivery(int count, LeasedProducer producer, TopicKeeper topics)
    {
        _producer = producer;
        _keys = new byte[count][];
        _faults = new EventFault?[count];
        _topics = topics;
        _handler = Report;
    }

    /// <summary>What became of each event, in the order of the request; null when it was accepted. Stable once <see cref="CompleteAsync"/> ended.</summary>
    public ReadOnlySpan<EventFault?> Faults => _faults;

    /// <summary>Settles an event that goes no further.</summary>
    public void Refuse(int index, EventFault fault) => _faults[index] = fault;

    /// <summary>Hands a record to the producer, whose delivery report settles it.</summary>
    /// <returns>False when the producer did not take it; then the event is settled.</returns>
    public bool Send(int index, string topic, Message<byte[], byte[]?> record)
    {
        _keys[index] = record.Key;
        Interlocked.Increment(ref _open);
        try
        {
            _producer.Client.Produce(topic, record, _handler);
            return true;
        }
        catch (KafkaException refused)
        {
            Fail(index, topic, refused.Error);
            Close();
            return false;
        }
    }

    /// <summary>Ends when every record has its report, which the delivery timeout bounds.</summary>
    public Task CompleteAsync()
    {
        Close();
        return _done.Task;
    }

    private void Report(DeliveryReport<byte[], byte[]?> report)
    {
        try
        {
            if (report.Error.IsError)
                Fail(
                    Array.FindIndex(_keys, key => ReferenceEquals(key, report.Message.Key)),
                    report.Topic,
                    report.Error
                );
        }
        finally
        {
            Close();
        }
    }

    private void Fail(int index, string topic, Confluent.Kafka.Error error)
    {
        _faults[index] = KafkaFaults.Of(error, topic);
        // A topic that is gone may show as a timeout, too: the client library waits for it to come back.
        if (KafkaFaults.IsMissingTopic(error))
            _topics.Suspect(topic, isMissing: true);
        else if (error.Code == ErrorCode.Local_MsgTimedOut)
            _topics.Suspect(topic, isMissing: false);
    }

    private void Close()
    {
        if (Interlocked.Decrement(ref _open) != 0)
            return;
        _producer.Release();
        _done.SetResult();
    }
}
