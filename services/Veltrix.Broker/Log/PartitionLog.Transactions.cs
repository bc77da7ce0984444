using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Log;

/// <summary>
/// Transactions in a partition. The coordinator says which producers may write in one; the batches and markers in the
/// log say what committed consumers may read.
/// </summary>
internal sealed partial class PartitionLog
{
    private readonly TransactionIndex _transactions = new();

    // Producers whose transaction includes this partition. Looked at under the same lock that a marker is appended
    // under: no record can come behind the marker of its transaction.
    private readonly Dictionary<long, short> _participants = [];

    /// <summary>Up to here every transaction has ended: what consumers of committed records may read.</summary>
    public long LastStableOffset
    {
        get
        {
            lock (_gate)
                return _transactions.LastStableOffset(_highWatermark);
        }
    }

    /// <summary>Producers that have written in a transaction that has not ended.</summary>
    public IReadOnlyList<long> OpenTransactions
    {
        get
        {
            lock (_gate)
                return [.. _transactions.Open.Keys];
        }
    }

    /// <summary>The producer may write transactional batches until <see cref="EndTransaction"/>.</summary>
    public void BeginTransaction(long producerId, short producerEpoch)
    {
        lock (_gate)
            _participants[producerId] = producerEpoch;
    }

    /// <summary>Aborts a transaction that no coordinator knows of, in the name of the producer as it last wrote.</summary>
    public AppendResult AbortTransaction(long producerId, IDurabilityWaiter waiter)
    {
        short epoch;
        lock (_gate)
            epoch = _producers.EpochOf(producerId) ?? 0;
        return EndTransaction(producerId, epoch, commit: false, waiter);
    }

    /// <summary>Appends the marker that ends a producer's transaction; the epoch fences whoever has a lower one.</summary>
    public AppendResult EndTransaction(long producerId, short producerEpoch, bool commit, IDurabilityWaiter waiter)
    {
        var now = _environment.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var marker = TransactionMarker.Create(producerId, producerEpoch, commit, now);
        lock (_gate)
        {
            if (_closed)
                return new AppendResult(ErrorCode.UnknownTopicOrPartition, -1);
            if (_failed)
                return new AppendResult(ErrorCode.KafkaStorageError, -1);
            _participants.Remove(producerId);
            return Write(marker, waiter, 0);
        }
    }

    /// <summary>As <see cref="TryFind"/>, up to the last stable offset, with the aborted transactions to leave out.</summary>
    public ErrorCode TryFindCommitted(
        long offset,
        int maximumBytes,
        bool atLeastOne,
        out LogRange range,
        out List<AbortedTransaction> aborted
    )
    {
        aborted = [];
        var stable = LastStableOffset;
        var error = TryFind(offset, maximumBytes, atLeastOne, out range);
        if (error != ErrorCode.None || range.Bytes == 0)
            return error;
        if (offset >= stable)
        {
            range = default;
            return ErrorCode.None;
        }
        range = CutAt(range, stable);
        lock (_gate)
            aborted = _transactions.FindAborted(offset, Math.Min(stable, EndOf(range)));
        return ErrorCode.None;
    }

    private ErrorCode CheckTransaction(BatchHeader batch)
    {
        if (batch.ProducerId < 0)
            return ErrorCode.None;
        var participates = _participants.TryGetValue(batch.ProducerId, out var epoch);
        if (batch.IsTransactional != participates)
            return ErrorCode.InvalidTransactionState;
        return participates && batch.ProducerEpoch != epoch ? ErrorCode.InvalidProducerEpoch : ErrorCode.None;
    }

    private LogRange CutAt(LogRange range, long offset)
    {
        long start;
        lock (_gate)
            start = range.Segment.Index.PositionBefore(offset);
        var end = range.Position + range.Bytes;
        try
        {
            var (position, _) = range.Segment.Find(Math.Max(start, range.Position), end, offset);
            return range with { Bytes = (int)(Math.Min(position, end) - range.Position) };
        }
        catch (ObjectDisposedException)
        {
            // Retention took the segment; the next fetch is told so.
            return range with { Bytes = 0 };
        }
    }

    /// <summary>An offset at or behind the end of a range, as near as the sparse index knows.</summary>
    private long EndOf(LogRange range)
    {
        foreach (var entry in range.Segment.Index.Entries)
        {
            if (entry.Position >= range.Position + range.Bytes)
                return entry.BaseOffset;
        }
        return _logEndOffset;
    }
}
