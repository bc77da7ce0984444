using System.Runtime.InteropServices;

namespace Veltrix.Broker.Log;

/// <summary>An aborted transaction of one producer in one partition.</summary>
/// <param name="ProducerId">Whose it was.</param>
/// <param name="FirstOffset">Its first record.</param>
/// <param name="LastOffset">The marker that ended it.</param>
internal readonly record struct AbortedTransaction(long ProducerId, long FirstOffset, long LastOffset);

/// <summary>
/// What a partition knows of transactions: which are open, and which were aborted. Made from the log's own batches, so
/// that it needs no durability of its own. Guarded by the partition's lock.
/// </summary>
internal sealed class TransactionIndex
{
    private readonly Dictionary<long, long> _firstOffsets = [];
    private readonly List<AbortedTransaction> _aborted = [];

    // Ended by a marker that consumers may not see yet.
    private readonly List<(long FirstOffset, long Marker)> _ending = [];

    /// <summary>Producers with an open transaction, and its first offset.</summary>
    public IReadOnlyDictionary<long, long> Open => _firstOffsets;

    /// <summary>Takes over a batch that was appended, or that recovery found in the log.</summary>
    public void Track(BatchHeader batch)
    {
        if (!batch.IsTransactional)
            return;
        if (!batch.IsControl)
        {
            // An empty one is what compaction left of a transaction that has ended; its marker may be gone.
            if (batch.RecordCount == 0)
                return;
            _firstOffsets.TryAdd(batch.ProducerId, batch.BaseOffset);
            return;
        }
        // A marker may come twice, when a crash hid that it had been written.
        if (
            TransactionMarker.IsCommit(batch) is not { } commit
            || !_firstOffsets.Remove(batch.ProducerId, out var firstOffset)
        )
            return;
        _ending.Add((firstOffset, batch.BaseOffset));
        if (!commit)
            _aborted.Add(new AbortedTransaction(batch.ProducerId, firstOffset, batch.BaseOffset));
    }

    /// <summary>Where the first transaction begins whose end consumers cannot see yet; the high watermark without any.</summary>
    public long LastStableOffset(long highWatermark)
    {
        var stable = highWatermark;
        for (var index = _ending.Count - 1; index >= 0; index--)
        {
            if (_ending[index].Marker < highWatermark)
                _ending.RemoveAt(index);
            else
                stable = Math.Min(stable, _ending[index].FirstOffset);
        }
        foreach (var firstOffset in _firstOffsets.Values)
            stable = Math.Min(stable, firstOffset);
        return stable;
    }

    /// <summary>Aborted transactions with records in a range of offsets, its end excluded.</summary>
    public List<AbortedTransaction> FindAborted(long fromOffset, long toOffset)
    {
        var found = new List<AbortedTransaction>();
        // Kept in the order of their markers, and told in it.
        for (var index = _aborted.Count - 1; index >= 0 && _aborted[index].LastOffset >= fromOffset; index--)
        {
            if (_aborted[index].FirstOffset < toOffset)
                found.Add(_aborted[index]);
        }
        found.Reverse();
        return found;
    }

    /// <summary>Forgets what ended before an offset before which no record of it is left.</summary>
    public void TruncateBefore(long offset) => _aborted.RemoveAll(aborted => aborted.LastOffset < offset);

    public void Save(BinaryWriter writer)
    {
        writer.Write(_firstOffsets.Count);
        foreach (var (producerId, firstOffset) in _firstOffsets)
        {
            writer.Write(producerId);
            writer.Write(firstOffset);
        }
        writer.Write(_aborted.Count);
        foreach (var aborted in CollectionsMarshal.AsSpan(_aborted))
        {
            writer.Write(aborted.ProducerId);
            writer.Write(aborted.FirstOffset);
            writer.Write(aborted.LastOffset);
        }
    }

    public void Load(BinaryReader reader)
    {
        for (var left = reader.ReadInt32(); left > 0; left--)
            _firstOffsets[reader.ReadInt64()] = reader.ReadInt64();
        for (var left = reader.ReadInt32(); left > 0; left--)
            _aborted.Add(new AbortedTransaction(reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64()));
    }
}
