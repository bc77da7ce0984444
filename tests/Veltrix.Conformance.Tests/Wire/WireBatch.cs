using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Veltrix.Conformance.Tests.Wire;

/// <summary>Record batches of format 2 with short records, uncompressed.</summary>
internal static class WireBatch
{
    public static byte[] Create(string[] values, long producerId = -1, short epoch = -1, int sequence = -1)
    {
        using var records = new MemoryStream();
        for (var delta = 0; delta < values.Length; delta++)
        {
            var value = Encoding.UTF8.GetBytes(values[delta]);
            // attributes, timestamp delta, offset delta, key null, value, no headers; numbers as zigzag varints
            byte[] record = [0, 0, ZigZag(delta), ZigZag(-1), ZigZag(value.Length), .. value, 0];
            records.WriteByte(ZigZag(record.Length));
            records.Write(record);
        }
        var batch = new byte[61 + records.Length];
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(8), batch.Length - 12);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(12), -1);
        batch[16] = 2;
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(23), values.Length - 1);
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(27), now);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(35), now);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(43), producerId);
        BinaryPrimitives.WriteInt16BigEndian(batch.AsSpan(51), epoch);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(53), sequence);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(57), values.Length);
        records.ToArray().CopyTo(batch, 61);
        return Sign(batch);
    }

    /// <summary>Sets the CRC after a change.</summary>
    public static byte[] Sign(byte[] batch)
    {
        var crc = uint.MaxValue;
        foreach (var value in batch.AsSpan(21))
            crc = BitOperations.Crc32C(crc, value);
        BinaryPrimitives.WriteUInt32BigEndian(batch.AsSpan(17), ~crc);
        return batch;
    }

    private static byte ZigZag(int value)
    {
        var encoded = (value << 1) ^ (value >> 31);
        ((uint)encoded).ShouldBeLessThan(0x80u, "the test's records are short");
        return (byte)encoded;
    }
}
