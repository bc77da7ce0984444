using System.Runtime.ExceptionServices;
using Confluent.Kafka;

namespace Veltrix.Processor.Consuming;

/// <summary>The batch that is being handled.</summary>
internal sealed class BatchInHand
{
    private readonly CancellationTokenSource _abandon = new();
    private readonly Task _handling;

    public BatchInHand(List<BatchRecord> records, int bytes, PersistentHandling handling)
    {
        Records = records;
        Bytes = bytes;
        var results = new ConsumeResult<byte[], byte[]>[records.Count];
        for (var index = 0; index < results.Length; index++)
            results[index] = records[index].Result;
        _handling = Task.Run(() => handling.HandleAsync(results, _abandon.Token));
    }

    public List<BatchRecord> Records { get; }

    /// <summary>What the records weigh together.</summary>
    public int Bytes { get; }

    public bool IsEnded => _handling.IsCompleted;

    public bool Touches(HashSet<TopicPartition> partitions) =>
        Records.Exists(record => partitions.Contains(record.Result.TopicPartition));

    /// <summary>Waits for the end, whatever it is.</summary>
    public bool Wait(TimeSpan patience) => Task.WaitAny([_handling], patience) == 0;

    /// <summary>Rolls the batch back, unless it just ended.</summary>
    public void Abandon()
    {
        _abandon.Cancel();
        Task.WaitAny(_handling);
    }

    /// <summary>Whether all records had their effect; then <paramref name="next"/> tells where reading goes on.</summary>
    public bool TryFinish(out IEnumerable<TopicPartitionOffset> next)
    {
        var abandoned = _abandon.IsCancellationRequested;
        _abandon.Dispose();
        if (_handling.IsFaulted && !abandoned)
            ExceptionDispatchInfo.Throw(_handling.Exception.InnerException!);
        if (!_handling.IsCompletedSuccessfully)
        {
            next = [];
            return false;
        }
        // Offsets of a partition only grow within a batch, so the last one wins.
        var offsets = new Dictionary<TopicPartition, Offset>();
        foreach (var record in Records)
            offsets[record.Result.TopicPartition] = record.Result.Offset + 1;
        next = offsets.Select(entry => new TopicPartitionOffset(entry.Key, entry.Value));
        return true;
    }
}
