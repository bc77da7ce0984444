using System.Buffers;

namespace Veltrix.Broker.Log;

/// <summary>Where batches end in what a fetch may take.</summary>
internal sealed partial class PartitionLog
{
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
