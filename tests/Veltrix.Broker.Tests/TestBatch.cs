using System.Buffers;
using System.Buffers.Binary;
using Veltrix.Broker.Log;

namespace Veltrix.Broker.Tests;

/// <summary>Record batches as a producer makes them, whose records hold nothing but one repeated byte.</summary>
internal static class TestBatch
{
    /// <summary>What a record without key, value and headers takes.</summary>
    public const int MinimumRecordBytes = 7;

    /// <param name="payloadBytes">What all records take; more when they need it.</param>
    public static byte[] Create(
        int records = 1,
        int payloadBytes = 20,
        long producerId = -1,
        short producerEpoch = -1,
        int sequence = -1,
        long timestamp = 1_000,
        short attributes = 0,
        byte fill = 7
    )
    {
        var content = new ArrayBufferWriter<byte>();
        for (var index = 0; index < records - 1; index++)
            WriteRecord(content, index, valueBytes: 0, fill);
        WriteRecord(content, records - 1, ValueBytes(records - 1, payloadBytes - content.WrittenCount), fill);
        return Create(content.WrittenSpan, records, producerId, producerEpoch, sequence, timestamp, attributes);
    }

    /// <param name="content">What stands behind the header.</param>
    public static byte[] Create(
        ReadOnlySpan<byte> content,
        int records,
        long producerId = -1,
        short producerEpoch = -1,
        int sequence = -1,
        long timestamp = 1_000,
        short attributes = 0
    )
    {
        var batch = new byte[BatchHeader.SizeBytes + content.Length];
        content.CopyTo(batch.AsSpan(BatchHeader.SizeBytes));
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(8), batch.Length - BatchHeader.PrefixBytes);
        batch[16] = 2;
        BinaryPrimitives.WriteInt16BigEndian(batch.AsSpan(21), attributes);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(23), records - 1);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(27), timestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(35), timestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(43), producerId);
        BinaryPrimitives.WriteInt16BigEndian(batch.AsSpan(51), producerEpoch);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(53), sequence);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(57), records);
        return Sign(batch);
    }

    /// <summary>Sets the CRC after a change.</summary>
    public static byte[] Sign(byte[] batch)
    {
        BinaryPrimitives.WriteUInt32BigEndian(batch.AsSpan(17), BatchHeader.ComputeCrc(batch.AsSpan(21)));
        return batch;
    }

    /// <summary>How long the value may be in a record of so many bytes.</summary>
    private static int ValueBytes(int offsetDelta, int recordBytes)
    {
        var valueBytes = Math.Max(0, recordBytes - MinimumRecordBytes);
        while (
            valueBytes > 0
            && Varint.SizeOf(BodyBytes(offsetDelta, valueBytes)) + BodyBytes(offsetDelta, valueBytes) > recordBytes
        )
            valueBytes--;
        return valueBytes;
    }

    /// <summary>Attributes, timestamp delta, offset delta, no key, the value, no headers.</summary>
    private static int BodyBytes(int offsetDelta, int valueBytes) =>
        4 + Varint.SizeOf(offsetDelta) + Varint.SizeOf(valueBytes) + valueBytes;

    private static void WriteRecord(ArrayBufferWriter<byte> target, int offsetDelta, int valueBytes, byte fill)
    {
        Varint.Write(BodyBytes(offsetDelta, valueBytes), target);
        target.Write<byte>([0, 0]);
        Varint.Write(offsetDelta, target);
        Varint.Write(-1, target);
        Varint.Write(valueBytes, target);
        target.GetSpan(valueBytes)[..valueBytes].Fill(fill);
        target.Advance(valueBytes);
        Varint.Write(0, target);
    }
}
