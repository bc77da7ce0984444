using Veltrix.Broker.Log.Compaction;

namespace Veltrix.Broker.Log;

/// <summary>Looking up records by time.</summary>
internal sealed partial class PartitionLog
{
    /// <summary>Offset and timestamp of the first durable record of <paramref name="timestamp"/> or later; null when there is none.</summary>
    public (long Offset, long Timestamp)? FindTimestamp(long timestamp)
    {
        var candidates = new List<(Segment Segment, long Start)>();
        lock (_gate)
        {
            foreach (var segment in _segments)
            {
                var index = segment.Index;
                if (segment.MaximumTimestamp >= timestamp)
                    candidates.Add((segment, index.PositionBeforeTimestamp(timestamp)));
            }
        }
        foreach (var (segment, start) in candidates)
        {
            try
            {
                if (FindTimestamp(segment, start, timestamp) is { } found)
                    return found;
            }
            catch (ObjectDisposedException)
            {
                // Retention or compaction took the segment between the look-up and the read: look again.
                return IsClosed ? null : FindTimestamp(timestamp);
            }
        }
        return null;
    }

    /// <summary>Offset of the first record with the largest timestamp, and that timestamp; null in an empty partition.</summary>
    public (long Offset, long Timestamp)? FindMaximumTimestamp()
    {
        long maximum;
        lock (_gate)
            maximum = _segments.Max(segment => segment.Index is null ? -1 : segment.MaximumTimestamp);
        return maximum < 0 ? null : FindTimestamp(maximum);
    }

    /// <summary>The time that the broker gave to the batch at an offset; -1 when it gave none, or the batch is gone. Under the lock.</summary>
    private long AppendTimeOf(long baseOffset)
    {
        try
        {
            var segment = _segments[SegmentIndexOf(baseOffset)];
            var (position, bytes) = segment.Find(segment.Index.PositionBefore(baseOffset), segment.Bytes, baseOffset);
            Span<byte> header = stackalloc byte[BatchHeader.SizeBytes];
            if (bytes == 0 || segment.Read(header, position) < header.Length)
                return -1;
            var batch = new BatchHeader(header);
            return batch.BaseOffset == baseOffset && batch.HasAppendTime ? batch.MaximumTimestamp : -1;
        }
        catch (Exception error) when (error is IOException or InvalidDataException)
        {
            // The batch is stored, which is what its producer asks.
            return -1;
        }
    }

    private bool IsClosed
    {
        get
        {
            lock (_gate)
                return _closed;
        }
    }

    private (long Offset, long Timestamp)? FindTimestamp(Segment segment, long position, long timestamp)
    {
        var limit = segment.DurableBytes;
        while (true)
        {
            (position, var bytes) = segment.FindTimestamp(position, limit, timestamp);
            if (bytes == 0)
                return null;
            var batch = new byte[bytes];
            segment.Read(batch, position);
            // None when the records of that time are before the log's start.
            if (FindTimestamp(batch, timestamp) is { } found)
                return found;
            position += bytes;
        }
    }

    private (long Offset, long Timestamp)? FindTimestamp(ReadOnlySpan<byte> batch, long timestamp)
    {
        var header = new BatchHeader(batch);
        if (header.HasAppendTime)
            return header.NextOffset > LogStartOffset
                ? (Math.Max(header.BaseOffset, LogStartOffset), header.MaximumTimestamp)
                : null;
        try
        {
            var reader = new BatchRecords(_environment.MaximumBatchBytes).Open(batch);
            while (reader.Next(out var record))
            {
                var (offset, time) = (
                    header.BaseOffset + record.OffsetDelta,
                    header.BaseTimestamp + record.TimestampDelta
                );
                if (time >= timestamp && offset >= LogStartOffset)
                    return (offset, time);
            }
            return null;
        }
        catch (InvalidDataException)
        {
            // It cannot be looked at, for want of a library: early by at most this batch.
            return (Math.Max(header.BaseOffset, LogStartOffset), header.MaximumTimestamp);
        }
    }
}
