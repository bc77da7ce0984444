using Microsoft.Win32.SafeHandles;

namespace Veltrix.Broker.Log.Compaction;

/// <summary>Writes a cleaned segment beside the log, in large pieces.</summary>
internal sealed class SegmentWriter : IDisposable
{
    private const int BufferBytes = 1024 * 1024;
    private readonly Disk _disk;
    private readonly SafeFileHandle _file;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _buffered;
    private long _written;

    public SegmentWriter(Disk disk, string path)
    {
        _disk = disk;
        _file = disk.Open(path, FileMode.Create);
    }

    public long Bytes => _written + _buffered;

    public SparseIndex Index { get; } = new();

    public long MaximumTimestamp { get; private set; } = -1;

    public void Write(ReadOnlySpan<byte> batch)
    {
        var header = new BatchHeader(batch);
        Index.Add(header.BaseOffset, Bytes, MaximumTimestamp);
        MaximumTimestamp = Math.Max(MaximumTimestamp, header.MaximumTimestamp);
        if (batch.Length > BufferBytes - _buffered)
            WriteBuffer();
        if (batch.Length > BufferBytes)
        {
            _disk.Write(_file, batch, _written);
            _written += batch.Length;
            return;
        }
        batch.CopyTo(_buffer.AsSpan(_buffered));
        _buffered += batch.Length;
    }

    /// <summary>Makes what was written durable.</summary>
    public void Finish()
    {
        WriteBuffer();
        _disk.Flush(_file);
    }

    public void Dispose() => _file.Dispose();

    private void WriteBuffer()
    {
        _disk.Write(_file, _buffer.AsSpan(0, _buffered), _written);
        _written += _buffered;
        _buffered = 0;
    }
}
