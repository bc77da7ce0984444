using System.Buffers.Binary;
using Veltrix.Broker.Log;

namespace Veltrix.Broker.Tests;

/// <summary>Record batches as a producer makes them, with a content that the broker never looks into.</summary>
internal static class TestBatch
{
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
        var batch = new byte[BatchHeader.SizeBytes + payloadBytes];
        batch.AsSpan(BatchHeader.SizeBytes).Fill(fill);
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
}
