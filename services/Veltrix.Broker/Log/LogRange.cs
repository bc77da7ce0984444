namespace Veltrix.Broker.Log;

/// <summary>Whole batches in one segment that a fetch may take.</summary>
internal readonly record struct LogRange(Segment Segment, long Position, int Bytes)
{
    /// <summary>Reads the batches; a last one that does not fit as a whole is left out. Nothing when the segment is gone meanwhile.</summary>
    public int Read(Span<byte> target)
    {
        Span<byte> read;
        try
        {
            read = target[..Segment.Read(target[..Bytes], Position)];
        }
        catch (ObjectDisposedException)
        {
            return 0;
        }
        var whole = 0;
        while (read.Length - whole >= BatchHeader.SizeBytes)
        {
            var bytes = new BatchHeader(read[whole..]).TotalBytes;
            if (bytes > read.Length - whole)
                break;
            whole += (int)bytes;
        }
        return whole;
    }

    /// <summary>Reads on from a byte of the range, as much as fits and is left.</summary>
    /// <remarks>For whoever holds the segment (<see cref="Segment.TryHold"/>).</remarks>
    /// <exception cref="IOException">It cannot be read, or is shorter than it was.</exception>
    public int ReadAt(int start, Span<byte> target)
    {
        target = target[..Math.Min(target.Length, Bytes - start)];
        return Segment.Read(target, Position + start) == target.Length
            ? target.Length
            : throw new IOException($"{Segment.Path} is shorter than it was.");
    }
}
