using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Veltrix.RecordBatches;

/// <summary>
/// The header of a record batch, format 2. Byte offsets: base offset 0, length 8, leader epoch 12, magic 16, CRC-32C 17,
/// attributes 21, last offset delta 23, base timestamp 27, maximum timestamp 35, producer id 43, producer epoch 51,
/// base sequence 53, record count 57, records 61. The CRC covers everything from the attributes on, so that a broker
/// may set base offset and leader epoch without computing it anew.
/// </summary>
public readonly ref struct BatchHeader(ReadOnlySpan<byte> batch)
{
    /// <summary>Size of the header in bytes.</summary>
    public const int SizeBytes = 61;

    /// <summary>Base offset and length: what the length itself does not count.</summary>
    public const int PrefixBytes = 12;

    private const int AttributesOffset = 21;
    private const int MaximumTimestampOffset = 35;
    private const short AppendTimeBit = 0x08;
    private readonly ReadOnlySpan<byte> _batch = batch;

    /// <summary>Offset of the first record.</summary>
    public long BaseOffset => BinaryPrimitives.ReadInt64BigEndian(_batch);

    /// <summary>Size of the whole batch in bytes, as it says itself.</summary>
    public long TotalBytes => (long)BinaryPrimitives.ReadInt32BigEndian(_batch[8..]) + PrefixBytes;

    /// <summary>Epoch of the leader that wrote it.</summary>
    public int LeaderEpoch => BinaryPrimitives.ReadInt32BigEndian(_batch[12..]);

    /// <summary>Format of the batch; 2 for this one.</summary>
    public byte Magic => _batch[16];

    /// <summary>CRC-32C of everything from the attributes on, as the batch says.</summary>
    public uint Crc => BinaryPrimitives.ReadUInt32BigEndian(_batch[17..]);

    /// <summary>Bits 0-2 codec, 3 timestamp type, 4 transactional, 5 control, 6 delete horizon.</summary>
    public short Attributes => BinaryPrimitives.ReadInt16BigEndian(_batch[AttributesOffset..]);

    /// <summary>Offset of the last record, counted from the first one.</summary>
    public int LastOffsetDelta => BinaryPrimitives.ReadInt32BigEndian(_batch[23..]);

    /// <summary>Timestamp that those of the records count from, milliseconds since 1970.</summary>
    public long BaseTimestamp => BinaryPrimitives.ReadInt64BigEndian(_batch[27..]);

    /// <summary>The largest timestamp of its records, milliseconds since 1970.</summary>
    public long MaximumTimestamp => BinaryPrimitives.ReadInt64BigEndian(_batch[MaximumTimestampOffset..]);

    /// <summary>Id of the idempotent producer; -1 without one.</summary>
    public long ProducerId => BinaryPrimitives.ReadInt64BigEndian(_batch[43..]);

    /// <summary>Epoch of the producer; -1 without one.</summary>
    public short ProducerEpoch => BinaryPrimitives.ReadInt16BigEndian(_batch[51..]);

    /// <summary>The producer's number of the first record; -1 without one.</summary>
    public int BaseSequence => BinaryPrimitives.ReadInt32BigEndian(_batch[53..]);

    /// <summary>Sequences go from 2147483647 to 0.</summary>
    public int LastSequence => (int)(((long)BaseSequence + LastOffsetDelta) & int.MaxValue);

    /// <summary>Records; fewer than the offsets it covers once it was compacted.</summary>
    public int RecordCount => BinaryPrimitives.ReadInt32BigEndian(_batch[57..]);

    /// <summary>What follows the header, as far as the bytes given reach.</summary>
    public ReadOnlySpan<byte> Records => _batch[SizeBytes..];

    /// <summary>Offset that the next batch may begin with.</summary>
    public long NextOffset => BaseOffset + LastOffsetDelta + 1;

    /// <summary>Codec: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd.</summary>
    public int Compression => Attributes & 0x07;

    /// <summary>Whether all records have the maximum timestamp, which a broker gave them, instead of their own.</summary>
    public bool HasAppendTime => (Attributes & AppendTimeBit) != 0;

    /// <summary>Whether it is part of a transaction.</summary>
    public bool IsTransactional => (Attributes & 0x10) != 0;

    /// <summary>Whether it holds a transaction's end, not records of a client.</summary>
    public bool IsControl => (Attributes & 0x20) != 0;

    /// <summary>Writes the header of a complete, uncompressed batch of the broker's own, whose records are in place.</summary>
    public static void Write(
        Span<byte> batch,
        short attributes,
        int recordCount,
        long timestampMilliseconds,
        long producerId,
        short producerEpoch,
        int baseSequence
    )
    {
        BinaryPrimitives.WriteInt32BigEndian(batch[8..], batch.Length - PrefixBytes);
        batch[16] = 2;
        BinaryPrimitives.WriteInt16BigEndian(batch[AttributesOffset..], attributes);
        BinaryPrimitives.WriteInt32BigEndian(batch[23..], recordCount - 1);
        BinaryPrimitives.WriteInt64BigEndian(batch[27..], timestampMilliseconds);
        BinaryPrimitives.WriteInt64BigEndian(batch[MaximumTimestampOffset..], timestampMilliseconds);
        BinaryPrimitives.WriteInt64BigEndian(batch[43..], producerId);
        BinaryPrimitives.WriteInt16BigEndian(batch[51..], producerEpoch);
        BinaryPrimitives.WriteInt32BigEndian(batch[53..], baseSequence);
        BinaryPrimitives.WriteInt32BigEndian(batch[57..], recordCount);
        BinaryPrimitives.WriteUInt32BigEndian(batch[17..], ComputeCrc(batch[AttributesOffset..]));
    }

    /// <summary>Sets the offset of the first record; outside of the checksum.</summary>
    public static void SetBaseOffset(Span<byte> batch, long value) =>
        BinaryPrimitives.WriteInt64BigEndian(batch, value);

    /// <summary>Sets the leader's epoch; outside of the checksum.</summary>
    public static void SetLeaderEpoch(Span<byte> batch, int value) =>
        BinaryPrimitives.WriteInt32BigEndian(batch[12..], value);

    /// <summary>Sets what the maximum timestamp is and whose; the CRC is computed anew if that changes anything.</summary>
    public static void SetMaximumTimestamp(Span<byte> batch, long value, bool isAppendTime)
    {
        var header = new BatchHeader(batch);
        if (header.MaximumTimestamp == value && header.HasAppendTime == isAppendTime)
            return;
        var attributes = isAppendTime ? header.Attributes | AppendTimeBit : header.Attributes & ~AppendTimeBit;
        BinaryPrimitives.WriteInt16BigEndian(batch[AttributesOffset..], (short)attributes);
        BinaryPrimitives.WriteInt64BigEndian(batch[MaximumTimestampOffset..], value);
        BinaryPrimitives.WriteUInt32BigEndian(batch[17..], ComputeCrc(batch[AttributesOffset..]));
    }

    /// <summary>Whether the CRC of a complete batch fits its content.</summary>
    public static bool HasValidCrc(ReadOnlySpan<byte> batch) =>
        new BatchHeader(batch).Crc == ComputeCrc(batch[AttributesOffset..]);

    /// <summary>CRC-32C (Castagnoli) by the processor's own instruction, eight bytes at a time.</summary>
    public static uint ComputeCrc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
            crc = BitOperations.Crc32C(
                crc,
                BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word)
            );
        foreach (var value in bytes[(words.Length * sizeof(ulong))..])
            crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }
}
