using System.Buffers.Binary;

namespace Veltrix.Broker.Log;

/// <summary>
/// One entry of the commit journal: bytes of a segment, and where they belong. Byte offsets: kind 0, CRC-32C of all that
/// follows 4, payload length 8, partition 12, sequence 16, topic 24, segment's base offset 40, position in it 48, payload 56.
/// </summary>
internal readonly ref struct JournalFrame(ReadOnlySpan<byte> frame)
{
    public const int HeaderBytes = 56;

    /// <summary>Larger ranges are split, so that one bounded buffer does for all.</summary>
    public const int MaximumPayloadBytes = 512 * 1024;

    private const uint Kind = 0x56584346; // "VXCF"
    private const int CheckedFrom = 8;
    private readonly ReadOnlySpan<byte> _frame = frame;

    public int TotalBytes => HeaderBytes + BinaryPrimitives.ReadInt32BigEndian(_frame[8..]);

    public PartitionId Partition =>
        new(new Guid(_frame.Slice(24, 16), bigEndian: true), BinaryPrimitives.ReadInt32BigEndian(_frame[12..]));

    public long Sequence => BinaryPrimitives.ReadInt64BigEndian(_frame[16..]);

    public long SegmentBaseOffset => BinaryPrimitives.ReadInt64BigEndian(_frame[40..]);

    public long Position => BinaryPrimitives.ReadInt64BigEndian(_frame[48..]);

    public ReadOnlySpan<byte> Payload => _frame[HeaderBytes..TotalBytes];

    /// <summary>Whether a frame begins here whose length can be taken seriously.</summary>
    public static bool HasHeader(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= HeaderBytes
        && BinaryPrimitives.ReadUInt32BigEndian(bytes) == Kind
        && BinaryPrimitives.ReadInt32BigEndian(bytes[8..]) is > 0 and <= MaximumPayloadBytes;

    /// <summary>Whether the whole frame is there and fits its CRC.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> bytes) =>
        HasHeader(bytes)
        && new JournalFrame(bytes).TotalBytes <= bytes.Length
        && BinaryPrimitives.ReadUInt32BigEndian(bytes[4..])
            == BatchHeader.ComputeCrc(bytes[CheckedFrom..new JournalFrame(bytes).TotalBytes]);

    /// <summary>Completes a frame around the payload that already stands in it.</summary>
    public static void Complete(
        Span<byte> frame,
        PartitionId partition,
        long sequence,
        long segmentBaseOffset,
        long position
    )
    {
        BinaryPrimitives.WriteUInt32BigEndian(frame, Kind);
        BinaryPrimitives.WriteInt32BigEndian(frame[8..], frame.Length - HeaderBytes);
        BinaryPrimitives.WriteInt32BigEndian(frame[12..], partition.Index);
        BinaryPrimitives.WriteInt64BigEndian(frame[16..], sequence);
        partition.Topic.TryWriteBytes(frame[24..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(frame[40..], segmentBaseOffset);
        BinaryPrimitives.WriteInt64BigEndian(frame[48..], position);
        BinaryPrimitives.WriteUInt32BigEndian(frame[4..], BatchHeader.ComputeCrc(frame[CheckedFrom..]));
    }
}
