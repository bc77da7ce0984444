using System.Buffers;
using System.Buffers.Binary;
using Veltrix.Broker.Compression;

namespace Veltrix.Broker.Log.Compaction;

/// <summary>
/// Makes of a batch what compaction leaves of it: the same bytes, a batch of fewer records, an empty one, or nothing.
/// Offsets and sequences stay; a compressed batch is compressed again by its own codec.
/// </summary>
/// <remarks>
/// Tombstones and transaction markers get a *delete horizon* when they are cleaned first (KIP-534): a bit in the
/// attributes, and the time from which they may go in place of the base timestamp; the records' deltas count from it.
/// </remarks>
internal sealed class BatchCleaner(
    KeyOffsets offsets,
    TransactionOutcomes transactions,
    Func<long, int, bool> isLastSequence,
    long nowMilliseconds,
    long tombstoneMilliseconds,
    int maximumBatchBytes
)
{
    private const short HorizonBit = 0x40;
    private const int BaseTimestampOffset = 27;
    private const int MaximumTimestampOffset = 35;
    private const int CountOffset = 57;
    private readonly BatchRecords _records = new(maximumBatchBytes);
    private readonly ArrayBufferWriter<byte> _kept = new();
    private readonly ArrayBufferWriter<byte> _result = new();
    private readonly HashSet<long> _producersWithData = [];

    /// <summary>What is left; empty when nothing is. Valid until the next call.</summary>
    /// <exception cref="InvalidDataException">The batch cannot be read.</exception>
    public ReadOnlySpan<byte> Clean(ReadOnlySpan<byte> batch)
    {
        var header = new BatchHeader(batch);
        if (header.IsControl)
            return CleanMarker(batch);
        if (header.RecordCount == 0 || transactions.IsAborted(header))
            return Emptied(batch);
        var count = CountKept(batch, out var total, out var tombstones);
        if (header.IsTransactional && count > 0)
            _producersWithData.Add(header.ProducerId);
        if (count == 0)
            return Emptied(batch);
        var needsHorizon = tombstones > 0 && (header.Attributes & HorizonBit) == 0;
        return count == total && !needsHorizon ? batch : Rewrite(batch, needsHorizon);
    }

    private bool IsKept(long baseOffset, Record record, bool tombstonesMayGo)
    {
        if (!record.HasKey)
            return false;
        if (offsets.Get(record.Key) > baseOffset + record.OffsetDelta)
            return false;
        return record.HasValue || !tombstonesMayGo;
    }

    private int CountKept(ReadOnlySpan<byte> batch, out int total, out int tombstones)
    {
        var header = new BatchHeader(batch);
        var tombstonesMayGo = HorizonPassed(batch);
        var reader = _records.Open(batch);
        var count = total = tombstones = 0;
        while (reader.Next(out var record))
        {
            total++;
            if (!IsKept(header.BaseOffset, record, tombstonesMayGo))
                continue;
            count++;
            if (!record.HasValue)
                tombstones++;
        }
        return count;
    }

    private ReadOnlySpan<byte> Rewrite(ReadOnlySpan<byte> batch, bool setHorizon)
    {
        var header = new BatchHeader(batch);
        var tombstonesMayGo = HorizonPassed(batch);
        var oldBase = BaseTimestamp(batch);
        var newBase = setHorizon ? nowMilliseconds + tombstoneMilliseconds : oldBase;
        var (count, maximum) = (0, long.MinValue);
        var reader = _records.Open(batch);
        _kept.ResetWrittenCount();
        while (reader.Next(out var record))
        {
            if (!header.IsControl && !IsKept(header.BaseOffset, record, tombstonesMayGo))
                continue;
            // Base and deltas move together: the timestamps still are what the producer gave.
            var timestamp = oldBase + record.TimestampDelta;
            Write(record, timestamp - newBase);
            maximum = Math.Max(maximum, timestamp);
            count++;
        }
        if (header.HasAppendTime)
            maximum = header.MaximumTimestamp;
        return Build(batch, _kept.WrittenSpan, count, newBase, maximum, setHorizon);
    }

    private void Write(Record record, long timestampDelta)
    {
        var bytes = 1 + Varint.SizeOf(timestampDelta) + Varint.SizeOf(record.OffsetDelta) + record.FromKey.Length;
        Varint.Write(bytes, _kept);
        _kept.Write([record.Attributes]);
        Varint.Write(timestampDelta, _kept);
        Varint.Write(record.OffsetDelta, _kept);
        _kept.Write(record.FromKey);
    }

    private ReadOnlySpan<byte> Build(
        ReadOnlySpan<byte> batch,
        ReadOnlySpan<byte> records,
        int count,
        long baseTimestamp,
        long maximumTimestamp,
        bool setHorizon
    )
    {
        var header = new BatchHeader(batch);
        _result.ResetWrittenCount();
        _result.Write(batch[..BatchHeader.SizeBytes]);
        if (Codecs.Find(header.Compression) is { } codec && count > 0)
            codec.Compress(records, _result);
        else
            _result.Write(records);
        // An own copy: the writer's memory is read-only from here on.
        var result = _result.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(result.AsSpan(8), result.Length - BatchHeader.PrefixBytes);
        var attributes = setHorizon ? (short)(header.Attributes | HorizonBit) : header.Attributes;
        // Without records there is nothing compressed, and a client should not try.
        BinaryPrimitives.WriteInt16BigEndian(result.AsSpan(21), count == 0 ? (short)(attributes & ~7) : attributes);
        BinaryPrimitives.WriteInt64BigEndian(result.AsSpan(BaseTimestampOffset), baseTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(result.AsSpan(MaximumTimestampOffset), maximumTimestamp);
        BinaryPrimitives.WriteInt32BigEndian(result.AsSpan(CountOffset), count);
        BinaryPrimitives.WriteUInt32BigEndian(result.AsSpan(17), BatchHeader.ComputeCrc(result.AsSpan(21)));
        return result;
    }

    /// <summary>A batch without records stays, empty, as long as its producer may send the next one: it holds the sequence.</summary>
    private ReadOnlySpan<byte> Emptied(ReadOnlySpan<byte> batch)
    {
        var header = new BatchHeader(batch);
        if (header.ProducerId < 0 || !isLastSequence(header.ProducerId, header.LastSequence))
            return [];
        return header.RecordCount == 0
            ? batch
            : Build(batch, [], 0, BaseTimestamp(batch), header.MaximumTimestamp, setHorizon: false);
    }

    /// <summary>A marker goes when its transaction has no records left and the horizon that it got then has passed.</summary>
    private ReadOnlySpan<byte> CleanMarker(ReadOnlySpan<byte> batch)
    {
        var header = new BatchHeader(batch);
        if (_producersWithData.Remove(header.ProducerId))
            return batch;
        if ((header.Attributes & HorizonBit) == 0)
            return Rewrite(batch, setHorizon: true);
        return HorizonPassed(batch) ? Emptied(batch) : batch;
    }

    private bool HorizonPassed(ReadOnlySpan<byte> batch) =>
        (new BatchHeader(batch).Attributes & HorizonBit) != 0 && BaseTimestamp(batch) <= nowMilliseconds;

    private static long BaseTimestamp(ReadOnlySpan<byte> batch) =>
        BinaryPrimitives.ReadInt64BigEndian(batch[BaseTimestampOffset..]);
}
