using System.Buffers;
using System.Buffers.Binary;

namespace Veltrix.Broker.Compression;

/// <summary>
/// LZ4's block format (github.com/lz4/lz4, doc/lz4_Block_format.md): sequences of a token (literal length, match length less
/// four), the literals, a distance of two bytes. The last five bytes are literals, and no match begins in the last twelve.
/// </summary>
internal static class Lz4Block
{
    public const int LargestBytes = 64 * 1024;
    private const int LastLiterals = 5;
    private const int LastMatchDistance = 12;

    /// <summary>Writes behind what is in the output; gives the new end.</summary>
    public static int Decompress(ReadOnlySpan<byte> block, Span<byte> output, int written)
    {
        while (true)
        {
            var token = Next(ref block);
            var literals = ReadLength(token >> 4, ref block);
            if (literals > block.Length || literals > output.Length - written)
                throw new InvalidDataException("An LZ4 literal is longer than its block.");
            block[..literals].CopyTo(output[written..]);
            block = block[literals..];
            written += literals;
            if (block.Length == 0)
                return written;
            var distance = Next(ref block) | (Next(ref block) << 8);
            var length = ReadLength(token & 15, ref block) + MatchFinder.MinimumMatch;
            OverlappingCopy.Run(output, written, distance, length);
            written += length;
        }
    }

    public static void Compress(ReadOnlySpan<byte> content, ArrayBufferWriter<byte> target, Span<int> positions)
    {
        var finder = new MatchFinder(content, positions);
        var literal = 0;
        while (
            finder.Next(literal, content.Length - LastLiterals, out var position, out var distance, out var length)
            && position <= content.Length - LastMatchDistance
        )
        {
            WriteSequence(content[literal..position], distance, length, target);
            literal = position + length;
        }
        WriteSequence(content[literal..], 0, 0, target);
    }

    /// <param name="length">Of the match; 0 for the last sequence, which has none.</param>
    private static void WriteSequence(
        ReadOnlySpan<byte> literals,
        int distance,
        int length,
        ArrayBufferWriter<byte> target
    )
    {
        var match = length == 0 ? 0 : length - MatchFinder.MinimumMatch;
        target.GetSpan(1)[0] = (byte)((Math.Min(literals.Length, 15) << 4) | Math.Min(match, 15));
        target.Advance(1);
        WriteLength(literals.Length, target);
        target.Write(literals);
        if (length == 0)
            return;
        BinaryPrimitives.WriteUInt16LittleEndian(target.GetSpan(2), (ushort)distance);
        target.Advance(2);
        WriteLength(match, target);
    }

    private static void WriteLength(int length, ArrayBufferWriter<byte> target)
    {
        if (length < 15)
            return;
        for (length -= 15; length >= 255; length -= 255)
            target.Write<byte>([255]);
        target.Write([(byte)length]);
    }

    private static int ReadLength(int nibble, ref ReadOnlySpan<byte> block)
    {
        if (nibble < 15)
            return nibble;
        var length = 15L;
        byte more;
        do
        {
            more = Next(ref block);
            length += more;
        } while (more == 255 && length <= int.MaxValue / 2);
        return (int)length;
    }

    private static byte Next(ref ReadOnlySpan<byte> block)
    {
        if (block.Length == 0)
            throw new InvalidDataException("An LZ4 block is cut off.");
        var value = block[0];
        block = block[1..];
        return value;
    }
}
