using System.Buffers.Binary;

namespace Veltrix.Broker.Log.Compaction;

/// <summary>
/// Which transactional batches of a stretch of log were aborted, and where the first undecided transaction begins. Fed with
/// the batches in order.
/// </summary>
internal sealed class TransactionOutcomes
{
    private const short AbortMarker = 0;
    private readonly Dictionary<long, long> _open = [];
    private readonly Dictionary<long, List<(long First, long Marker)>> _aborted = [];

    /// <summary>The first offset of the first undecided transaction; <see cref="long.MaxValue"/> without any.</summary>
    public long FirstUndecidedOffset => _open.Count == 0 ? long.MaxValue : _open.Values.Min();

    public void Add(ReadOnlySpan<byte> batch)
    {
        var header = new BatchHeader(batch);
        if (!header.IsTransactional)
            return;
        if (!header.IsControl)
        {
            // An empty one is what compaction left of a transaction that has ended; its marker may be gone.
            if (header.RecordCount == 0)
                return;
            _open.TryAdd(header.ProducerId, header.BaseOffset);
            return;
        }
        if (!_open.Remove(header.ProducerId, out var first) || !IsAbort(batch))
            return;
        if (!_aborted.TryGetValue(header.ProducerId, out var ranges))
            _aborted[header.ProducerId] = ranges = [];
        ranges.Add((first, header.BaseOffset));
    }

    public bool IsAborted(BatchHeader header)
    {
        if (!header.IsTransactional || header.IsControl)
            return false;
        if (!_aborted.TryGetValue(header.ProducerId, out var ranges))
            return false;
        foreach (var (first, marker) in ranges)
        {
            if (header.BaseOffset >= first && header.BaseOffset < marker)
                return true;
        }
        return false;
    }

    /// <summary>A control record's key: version, then type.</summary>
    private static bool IsAbort(ReadOnlySpan<byte> batch)
    {
        var reader = new RecordReader(batch[BatchHeader.SizeBytes..]);
        return reader.Next(out var record)
            && record.Key.Length >= 4
            && BinaryPrimitives.ReadInt16BigEndian(record.Key[2..]) == AbortMarker;
    }
}
