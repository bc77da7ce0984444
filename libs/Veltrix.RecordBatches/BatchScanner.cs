using Microsoft.Win32.SafeHandles;

namespace Veltrix.RecordBatches;

/// <summary>
/// Walks the batches of a segment from a position on and stops at the first that is cut off, malformed, out of order or
/// (when asked to look) does not fit its CRC.
/// </summary>
/// <param name="file">The segment.</param>
/// <param name="position">Where a batch begins, in bytes.</param>
/// <param name="endBytes">Where to stop, in bytes.</param>
/// <param name="verifyCrc">Whether to read each batch as a whole and compute its checksum.</param>
public sealed class BatchScanner(SafeFileHandle file, long position, long endBytes, bool verifyCrc)
{
    private const int WindowBytes = 256 * 1024;
    private byte[] _window = new byte[WindowBytes];
    private long _windowStart = position;
    private int _windowLength;
    private long _leastOffset = -1;

    /// <summary>Where the current batch begins.</summary>
    public long Position { get; private set; } = position;

    /// <summary>Where the next batch would begin: the length of what is good.</summary>
    public long NextPosition { get; private set; } = position;

    /// <summary>The whole current batch; there when it was asked to verify. Valid until the next one.</summary>
    public ReadOnlySpan<byte> Batch => _window.AsSpan((int)(Position - _windowStart), (int)(NextPosition - Position));

    /// <summary>Goes to the next batch; false at the end of what is good.</summary>
    /// <param name="header">Its header; valid until the next call.</param>
    public bool Next(out BatchHeader header)
    {
        header = default;
        Position = NextPosition;
        if (!Ensure(BatchHeader.SizeBytes, out var bytes))
            return false;
        header = new BatchHeader(bytes);
        if (header.Magic != 2 || header.TotalBytes < BatchHeader.SizeBytes || header.LastOffsetDelta < 0)
            return false;
        if (header.TotalBytes > endBytes - Position || header.BaseOffset < _leastOffset)
            return false;
        if (verifyCrc)
        {
            if (!Ensure((int)header.TotalBytes, out bytes) || !BatchHeader.HasValidCrc(bytes))
                return false;
            header = new BatchHeader(bytes);
        }
        _leastOffset = header.NextOffset;
        NextPosition = Position + header.TotalBytes;
        return true;
    }

    private bool Ensure(int count, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (count > endBytes - Position)
            return false;
        var start = Position - _windowStart;
        if (start < 0 || start + count > _windowLength)
        {
            if (count > _window.Length)
                _window = new byte[count];
            _windowStart = Position;
            _windowLength = 0;
            var wanted = (int)Math.Min(_window.Length, endBytes - Position);
            while (_windowLength < wanted)
            {
                var read = RandomAccess.Read(
                    file,
                    _window.AsSpan(_windowLength, wanted - _windowLength),
                    Position + _windowLength
                );
                if (read == 0)
                    break;
                _windowLength += read;
            }
            start = 0;
        }
        if (start + count > _windowLength)
            return false;
        bytes = _window.AsSpan((int)start, count);
        return true;
    }
}
