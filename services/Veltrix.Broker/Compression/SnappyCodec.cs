using System.Buffers;
using System.Buffers.Binary;

namespace Veltrix.Broker.Compression;

/// <summary>
/// Snappy's block format (github.com/google/snappy, format_description.txt): length as varint, then literals and copies. Java
/// clients wrap blocks in a frame of their own: eight bytes of magic, two versions, then size and block in turn.
/// </summary>
internal sealed class SnappyCodec : ICodec
{
    private const int FrameHeaderBytes = 16;
    private const int BlockBytes = 64 * 1024;
    private const int LongestCopy = 64;

    public static SnappyCodec Instance { get; } = new();

    private static ReadOnlySpan<byte> FrameMagic =>
        [0x82, (byte)'S', (byte)'N', (byte)'A', (byte)'P', (byte)'P', (byte)'Y', 0];

    public bool TryDecompress(ReadOnlySpan<byte> compressed, ArrayBufferWriter<byte> target, int maximumBytes)
    {
        if (!compressed.StartsWith(FrameMagic))
            return TryDecompressBlock(compressed, target, maximumBytes);
        for (var left = Slice(compressed, FrameHeaderBytes); left.Length > 0; )
        {
            if (left.Length < sizeof(int))
                throw new InvalidDataException("A Snappy frame is cut off.");
            var bytes = BinaryPrimitives.ReadInt32BigEndian(left);
            if (bytes < 0 || bytes > left.Length - sizeof(int))
                throw new InvalidDataException("A Snappy frame is cut off.");
            if (!TryDecompressBlock(left.Slice(sizeof(int), bytes), target, maximumBytes))
                return false;
            left = left[(sizeof(int) + bytes)..];
        }
        return true;
    }

    public void Compress(ReadOnlySpan<byte> content, ArrayBufferWriter<byte> target)
    {
        WriteVarint(content.Length, target);
        var positions = ArrayPool<int>.Shared.Rent(MatchFinder.TableSize);
        try
        {
            for (; content.Length > 0; content = content[Math.Min(BlockBytes, content.Length)..])
            {
                positions.AsSpan(0, MatchFinder.TableSize).Fill(-1);
                CompressBlock(content[..Math.Min(BlockBytes, content.Length)], target, positions);
            }
        }
        finally
        {
            ArrayPool<int>.Shared.Return(positions);
        }
    }

    private static bool TryDecompressBlock(ReadOnlySpan<byte> block, ArrayBufferWriter<byte> target, int maximumBytes)
    {
        var total = ReadVarint(ref block);
        if (total > maximumBytes - target.WrittenCount)
            return false;
        var output = target.GetSpan(Math.Max(1, (int)total))[..(int)total];
        var written = 0;
        while (block.Length > 0)
        {
            var tag = block[0];
            block = block[1..];
            if ((tag & 3) == 0)
            {
                var length = (tag >> 2) + 1;
                if (length > 60)
                    length = (int)ReadLittleEndian(ref block, length - 60) + 1;
                if (length <= 0 || length > block.Length || length > output.Length - written)
                    throw new InvalidDataException("A Snappy literal is longer than its block.");
                block[..length].CopyTo(output[written..]);
                block = block[length..];
                written += length;
                continue;
            }
            var (copy, distance) = (tag & 3) switch
            {
                1 => (((tag >> 2) & 7) + 4, ((tag >> 5) << 8) | (int)ReadLittleEndian(ref block, 1)),
                2 => ((tag >> 2) + 1, (int)ReadLittleEndian(ref block, 2)),
                _ => ((tag >> 2) + 1, (int)ReadLittleEndian(ref block, 4)),
            };
            OverlappingCopy.Run(output, written, distance, copy);
            written += copy;
        }
        if (written != output.Length)
            throw new InvalidDataException("A Snappy block is shorter than it says.");
        target.Advance(written);
        return true;
    }

    private static void CompressBlock(ReadOnlySpan<byte> block, ArrayBufferWriter<byte> target, Span<int> positions)
    {
        var finder = new MatchFinder(block, positions);
        var literal = 0;
        while (finder.Next(literal, block.Length, out var position, out var distance, out var length))
        {
            WriteLiteral(block[literal..position], target);
            for (var left = length; left > 0; left -= LongestCopy)
                WriteCopy(Math.Min(left, LongestCopy), distance, target);
            literal = position + length;
        }
        WriteLiteral(block[literal..], target);
    }

    private static void WriteLiteral(ReadOnlySpan<byte> bytes, ArrayBufferWriter<byte> target)
    {
        if (bytes.Length == 0)
            return;
        // At most 64 KiB: the length less one fits two bytes, tag 61.
        var header = target.GetSpan(3);
        if (bytes.Length <= 60)
        {
            header[0] = (byte)((bytes.Length - 1) << 2);
            target.Advance(1);
        }
        else
        {
            header[0] = 61 << 2;
            BinaryPrimitives.WriteUInt16LittleEndian(header[1..], (ushort)(bytes.Length - 1));
            target.Advance(3);
        }
        target.Write(bytes);
    }

    private static void WriteCopy(int length, int distance, ArrayBufferWriter<byte> target)
    {
        var copy = target.GetSpan(3);
        copy[0] = (byte)(((length - 1) << 2) | 2);
        BinaryPrimitives.WriteUInt16LittleEndian(copy[1..], (ushort)distance);
        target.Advance(3);
    }

    private static void WriteVarint(int value, ArrayBufferWriter<byte> target)
    {
        var bytes = target.GetSpan(5);
        var count = 0;
        for (var left = (uint)value; ; left >>= 7)
        {
            bytes[count++] = (byte)(left < 0x80 ? left : left | 0x80);
            if (left < 0x80)
                break;
        }
        target.Advance(count);
    }

    private static long ReadVarint(ref ReadOnlySpan<byte> bytes)
    {
        var value = 0L;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var part = ReadLittleEndian(ref bytes, 1);
            value |= (part & 0x7F) << shift;
            if (part < 0x80)
                return value <= int.MaxValue ? value : throw new InvalidDataException("A Snappy block is too long.");
        }
        throw new InvalidDataException("A Snappy length does not end.");
    }

    private static long ReadLittleEndian(ref ReadOnlySpan<byte> bytes, int count)
    {
        if (bytes.Length < count)
            throw new InvalidDataException("A Snappy block is cut off.");
        var value = 0L;
        for (var index = 0; index < count; index++)
            value |= (long)bytes[index] << (8 * index);
        bytes = bytes[count..];
        return value;
    }

    private static ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> bytes, int from) =>
        bytes.Length >= from ? bytes[from..] : throw new InvalidDataException("A Snappy frame is cut off.");
}
