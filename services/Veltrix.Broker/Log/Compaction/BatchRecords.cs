using System.Buffers;
using Veltrix.Broker.Compression;

namespace Veltrix.Broker.Log.Compaction;

/// <summary>The records of a batch without their compression; the buffer is used again for the next batch.</summary>
internal sealed class BatchRecords(int maximumBytes)
{
    private ArrayBufferWriter<byte> _content = new();

    /// <exception cref="InvalidDataException">The compression is broken, unknown, or hides more than is allowed.</exception>
    public RecordReader Open(ReadOnlySpan<byte> batch) =>
        TryDecompress(batch, out var records)
            ? new RecordReader(records)
            : throw new InvalidDataException($"A batch holds more than {maximumBytes} bytes.");

    /// <summary>The records as bytes, valid until the next batch; false when there are more than is allowed.</summary>
    /// <exception cref="InvalidDataException">The compression is broken or unknown.</exception>
    public bool TryDecompress(ReadOnlySpan<byte> batch, out ReadOnlySpan<byte> records)
    {
        var header = new BatchHeader(batch);
        records = header.Records;
        if (Codecs.Find(header.Compression) is not { } codec)
            return true;
        _content.ResetWrittenCount();
        if (!codec.TryDecompress(header.Records, _content, maximumBytes))
            return false;
        records = _content.WrittenSpan;
        return true;
    }

    /// <summary>Gives the buffer back when it has grown beyond a size.</summary>
    public void Trim(int bytes)
    {
        if (_content.Capacity > bytes)
            _content = new ArrayBufferWriter<byte>();
    }
}
