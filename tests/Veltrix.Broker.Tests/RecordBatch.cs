using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Veltrix.Broker.Compression;
using Veltrix.Broker.Log;

namespace Veltrix.Broker.Tests;

/// <summary>Batches with real records, made and read without the code under test's cleaner.</summary>
internal static class RecordBatch
{
    private const short TransactionalBit = 0x10;
    private const short ControlBit = 0x20;

    public sealed record Entry(string? Key, string? Value, long Timestamp = 1_000);

    public sealed record Stored(long Offset, string? Key, string? Value, long Timestamp);

    public static byte[] Create(
        IReadOnlyList<Entry> entries,
        int codec = 0,
        long producerId = -1,
        short producerEpoch = -1,
        int sequence = -1,
        bool transactional = false
    )
    {
        var records = new ArrayBufferWriter<byte>();
        var first = entries[0].Timestamp;
        for (var index = 0; index < entries.Count; index++)
            WriteRecord(records, entries[index], first, index);
        return Build(
            records.WrittenSpan,
            entries,
            codec,
            producerId,
            producerEpoch,
            sequence,
            transactional ? TransactionalBit : (short)0
        );
    }

    /// <summary>The end of a transaction, as the broker itself writes it: control batches are no client's business.</summary>
    public static byte[] Marker(long producerId, short producerEpoch, bool commit, long timestamp = 1_000)
    {
        var key = Encoding.Latin1.GetString([0, 0, 0, commit ? (byte)1 : (byte)0]);
        var entry = new Entry(key, "\0\0\0\0\0\0", timestamp);
        var records = new ArrayBufferWriter<byte>();
        WriteRecord(records, entry, timestamp, 0);
        return Build(records.WrittenSpan, [entry], 0, producerId, producerEpoch, -1, TransactionalBit | ControlBit);
    }

    /// <summary>All records of a piece of log, control batches left out.</summary>
    public static List<Stored> Read(ReadOnlySpan<byte> log)
    {
        var stored = new List<Stored>();
        var content = new ArrayBufferWriter<byte>();
        while (log.Length > 0)
        {
            var header = new BatchHeader(log);
            var batch = log[..(int)header.TotalBytes];
            log = log[batch.Length..];
            BatchHeader.HasValidCrc(batch).ShouldBeTrue();
            if (header.IsControl || header.RecordCount == 0)
                continue;
            var baseTimestamp = BinaryPrimitives.ReadInt64BigEndian(batch[27..]);
            content.ResetWrittenCount();
            if (Codecs.Find(header.Compression) is { } codec)
                codec.TryDecompress(batch[BatchHeader.SizeBytes..], content, 10_000_000).ShouldBeTrue();
            else
                content.Write(batch[BatchHeader.SizeBytes..]);
            var left = content.WrittenSpan;
            var count = 0;
            for (; left.Length > 0; count++)
                stored.Add(ReadRecord(ref left, header.BaseOffset, baseTimestamp));
            count.ShouldBe(header.RecordCount);
        }
        return stored;
    }

    private static byte[] Build(
        ReadOnlySpan<byte> records,
        IReadOnlyList<Entry> entries,
        int codec,
        long producerId,
        short producerEpoch,
        int sequence,
        short flags
    )
    {
        var content = new ArrayBufferWriter<byte>();
        if (Codecs.Find(codec) is { } compression)
            compression.Compress(records, content);
        else
            content.Write(records);
        var batch = TestBatch.Create(
            content.WrittenSpan,
            entries.Count,
            producerId,
            producerEpoch,
            sequence,
            entries[0].Timestamp,
            (short)((ushort)flags | (ushort)codec)
        );
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(35), entries.Max(entry => entry.Timestamp));
        return TestBatch.Sign(batch);
    }

    private static void WriteRecord(ArrayBufferWriter<byte> target, Entry entry, long firstTimestamp, int index)
    {
        var body = new ArrayBufferWriter<byte>();
        body.Write<byte>([0]);
        Varint.Write(entry.Timestamp - firstTimestamp, body);
        Varint.Write(index, body);
        WriteText(body, entry.Key);
        WriteText(body, entry.Value);
        Varint.Write(0, body);
        Varint.Write(body.WrittenCount, target);
        target.Write(body.WrittenSpan);
    }

    private static void WriteText(ArrayBufferWriter<byte> target, string? text)
    {
        Varint.Write(text?.Length ?? -1, target);
        if (text is not null)
            target.Write(Encoding.Latin1.GetBytes(text));
    }

    private static Stored ReadRecord(ref ReadOnlySpan<byte> left, long baseOffset, long baseTimestamp)
    {
        var bytes = (int)Varint.Read(ref left);
        var body = left[1..bytes];
        left = left[bytes..];
        var timestamp = baseTimestamp + Varint.Read(ref body);
        var offset = baseOffset + Varint.Read(ref body);
        var key = ReadText(ref body);
        return new Stored(offset, key, ReadText(ref body), timestamp);
    }

    private static string? ReadText(ref ReadOnlySpan<byte> body)
    {
        var bytes = (int)Varint.Read(ref body);
        if (bytes < 0)
            return null;
        var text = Encoding.Latin1.GetString(body[..bytes]);
        body = body[bytes..];
        return text;
    }
}
