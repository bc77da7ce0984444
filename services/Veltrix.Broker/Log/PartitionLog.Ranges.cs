using System.Buffers;
using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Log;

/// <summary>What a fetch may take.</summary>
internal sealed partial class PartitionLog
{
    /// <summary>
    /// Whole durable batches from an offset on: all of them, or with <paramref name="committedOnly"/> those up to the last
    /// stable offset, and the aborted transactions to leave out.
    /// </summary>
    public ErrorCode Fetch(
        long offset,
        int maximumBytes,
        bool atLeastOne,
        bool committedOnly,
        out LogRange range,
        out List<AbortedTransaction>? aborted
    )
    {
        aborted = null;
        try
        {
            var error = committedOnly
                ? TryFindCommitted(offset, maximumBytes, atLeastOne, out range, out aborted)
                : TryFind(offset, maximumBytes, atLeastOne, out range);
            range = CutToBatches(range);
            return error;
        }
        catch (Exception error) when (error is IOException or InvalidDataException)
        {
            range = default;
            return ReadFailed(error);
        }
    }

    /// <summary>What a client is told when its records could not be read.</summary>
    public ErrorCode ReadFailed(Exception error)
    {
        Log.ReadFailed(_environment.Logger, error, _name);
        return error is InvalidDataException ? ErrorCode.CorruptMessage : ErrorCode.KafkaStorageError;
    }

    /// <summary>Leaves out a last batch that the range does not hold whole. Its first batch it always holds.</summary>
    public LogRange CutToBatches(LogRange range)
    {
        if (range.Bytes == 0)
            return range;
        var end = range.Position + range.Bytes;
        long position;
        lock (_gate)
        {
            if (end == range.Segment.DurableBytes)
                return range;
            position = Math.Max(range.Position, range.Segment.Index.LastPositionUpTo(end));
        }
        try
        {
            return range with { Bytes = (int)(EndOfBatches(range.Segment, position, end) - range.Position) };
        }
        catch (ObjectDisposedException)
        {
            // Retention took the segment; the next fetch is told so.
            return range with { Bytes = 0 };
        }
    }

    /// <summary>The end of the last whole batch before <paramref name="end"/>, from the start of one on.</summary>
    private static long EndOfBatches(Segment segment, long position, long end)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(SparseIndex.IntervalBytes);
        try
        {
            while (end - position >= BatchHeader.SizeBytes)
            {
                var window = buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - position));
                window = window[..segment.Read(window, position)];
                var start = 0L;
                while (window.Length - start >= BatchHeader.SizeBytes)
                {
                    var bytes = new BatchHeader(window[(int)start..]).TotalBytes;
                    if (position + start + bytes > end || bytes < BatchHeader.SizeBytes)
                        return position + start;
                    start += bytes;
                }
                if (start == 0)
                    break;
                position += start;
            }
            return position;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
