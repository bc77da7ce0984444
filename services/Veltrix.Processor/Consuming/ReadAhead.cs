using Confluent.Kafka;

namespace Veltrix.Processor.Consuming;

/// <summary>
/// Has the client library fetch again as soon as what it read ahead is used up. Once its queue was full, librdkafka before
/// 2.2 looks at it again only after a second, unless its thread for the broker has a request to send: a consumer with a
/// backlog would get what the queue holds once a second. Source: librdkafka's CHANGELOG, 2.2.0, fetch.queue.backoff.ms.
/// </summary>
/// <param name="kilobytes">What the queue holds: so many kilobytes of values, or so many records.</param>
/// <param name="ask">Sends the leader of a partition any request, and waits for its answer.</param>
/// <remarks>Called by the polling loop alone.</remarks>
internal sealed class ReadAhead(int kilobytes, Action<TopicPartition> ask)
{
    private const int LeastBytesOfARecord = 1_024;

    // Less than this since the queue was empty: it was not full meanwhile, and there is no pause to end.
    private readonly long _full = kilobytes * 1_024L / 2;
    private readonly HashSet<TopicPartition> _partitions = [];
    private long _bytes;
    private Task _asking = Task.CompletedTask;

    /// <summary>A record came out of the queue.</summary>
    public void Took(ConsumeResult<byte[], byte[]> result)
    {
        _bytes += Math.Max(LeastBytesOfARecord, result.Message.Value?.Length ?? 0);
        _partitions.Add(result.TopicPartition);
    }

    /// <summary>The queue is empty.</summary>
    public void Emptied()
    {
        if (_bytes >= _full && _asking.IsCompleted)
        {
            // Each broker has a thread of its own, and which leads a partition is not known here.
            TopicPartition[] partitions = [.. _partitions];
            _asking = Task.Run(() => Ask(partitions));
        }
        _bytes = 0;
        _partitions.Clear();
    }

    /// <summary>Waits until no request is under way; then the consumer may be disposed of.</summary>
    public void Settle() => Task.WaitAny(_asking);

    private void Ask(TopicPartition[] partitions)
    {
        try
        {
            Array.ForEach(partitions, ask);
        }
        catch (KafkaException)
        {
            // A broker is away: the library looks again by itself.
        }
    }
}
