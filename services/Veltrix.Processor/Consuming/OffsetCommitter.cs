using Confluent.Kafka;

namespace Veltrix.Processor.Consuming;

/// <summary>
/// Commits offsets beside the polling loop, one commit at a time, the latest per partition: a commit waits for the
/// coordinator, and a late one only means records that are read again and found to be handled.
/// </summary>
/// <remarks>Called by the polling loop alone.</remarks>
internal sealed partial class OffsetCommitter(IConsumer<byte[], byte[]> consumer, ILogger logger)
{
    private readonly Dictionary<TopicPartition, Offset> _pending = [];
    private Task _running = Task.CompletedTask;

    /// <summary>Remembers where the next read begins, and commits as soon as the commit before has ended.</summary>
    public void Add(IEnumerable<TopicPartitionOffset> offsets)
    {
        foreach (var offset in offsets)
            _pending[offset.TopicPartition] = offset.Offset;
        Advance();
    }

    /// <summary>Begins the next commit when there is one to begin.</summary>
    public void Advance()
    {
        if (_pending.Count == 0 || !_running.IsCompleted)
            return;
        var offsets = _pending.Select(entry => new TopicPartitionOffset(entry.Key, entry.Value)).ToArray();
        _pending.Clear();
        _running = Task.Run(() => Commit(offsets));
    }

    /// <summary>Commits what is left and waits for it, at most <paramref name="patience"/>.</summary>
    public void Flush(TimeSpan patience)
    {
        if (!_running.Wait(patience))
            return;
        Advance();
        _running.Wait(patience);
    }

    /// <summary>Forgets partitions that another member owns now.</summary>
    public void Forget(IEnumerable<TopicPartition> partitions)
    {
        foreach (var partition in partitions)
            _pending.Remove(partition);
    }

    private void Commit(TopicPartitionOffset[] offsets)
    {
        try
        {
            consumer.Commit(offsets);
        }
        catch (KafkaException failure)
        {
            // A rebalance in progress or a broker away: the next batch commits a later offset.
            Log.CommitFailed(logger, offsets.Length, failure.Error.Reason);
        }
        catch (ObjectDisposedException)
        {
            // The loop gave up waiting for this commit and closed the consumer.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Offsets of {Count} partitions were not committed: {Reason}")]
        public static partial void CommitFailed(ILogger logger, int count, string reason);
    }
}
