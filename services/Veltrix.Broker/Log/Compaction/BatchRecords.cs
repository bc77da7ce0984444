using System.Buffers;
using Veltrix.Broker.Compression;

namespace Veltrix.Broker.Log.Compaction;

/// <summary>The records of a batch without their compression; the buffer is used again for the next batch.</summary>
internal sealed class BatchRecords(int maximumBytes)
{
    private readonly ArrayBufferWriter<byte> _content = new();

    /// <exception cref="InvalidDataException">The compression is broken, unknown, or hides more than is allowed.</exception>
    public RecordReader Open(ReadOnlySpan<byte> batch)
    {
        var records = batch[BatchHeader.SizeBytes..];
        if (Codecs.Find(new BatchHeader(batch).Compression) is not { } codec)
            return new RecordReader(records);
        _content.ResetWrittenCount();
        codec.Decompress(records, _content, maximumBytes);
        return new RecordReader(_content.WrittenSpan);
    }

    /// <summary>Whether every record has a key: what a compacted topic asks for.</summary>
    public bool AllHaveKeys(ReadOnlySpan<byte> batch)
    {
        var reader = Open(batch);
        while (reader.Next(out var record))
        {
            if (!record.HasKey)
                return false;
        }
        return true;
    }
}
