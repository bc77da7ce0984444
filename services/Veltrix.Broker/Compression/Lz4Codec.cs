using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Veltrix.Broker.Compression;

/// <summary>
/// LZ4's frame format (github.com/lz4/lz4, doc/lz4_Frame_format.md): magic, descriptor, blocks, end mark. The content has a
/// checksum of its own in the batch, so that those of the frame are not looked at.
/// </summary>
internal sealed class Lz4Codec : ICodec
{
    private const uint Magic = 0x184D2204;
    private const uint StoredBlock = 0x8000_0000;

    public static Lz4Codec Instance { get; } = new();

    public bool TryDecompress(ReadOnlySpan<byte> compressed, ArrayBufferWriter<byte> target, int maximumBytes)
    {
        var left = compressed[ReadDescriptor(compressed, out var blockChecksums, out var blockBytes)..];
        while (true)
        {
            var size = ReadWord(ref left);
            if (size == 0)
                return true;
            var stored = (size & StoredBlock) != 0;
            var bytes = (int)(size & ~StoredBlock);
            if (bytes > left.Length)
                throw new InvalidDataException("An LZ4 block is cut off.");
            var output = WithRoom(target, blockBytes);
            var written = target.WrittenCount;
            target.Advance(
                (stored ? Store(left[..bytes], output, written) : Lz4Block.Decompress(left[..bytes], output, written))
                    - written
            );
            if (target.WrittenCount > maximumBytes)
                return false;
            left = left[bytes..];
            if (blockChecksums)
                ReadWord(ref left);
        }
    }

    /// <summary>All of the target, written or not, with room for a block: blocks may refer to those before them.</summary>
    private static Span<byte> WithRoom(ArrayBufferWriter<byte> target, int blockBytes)
    {
        target.GetSpan(blockBytes);
        return MemoryMarshal.TryGetArray(target.WrittenMemory, out var written)
            ? written.Array.AsSpan(0, written.Count + blockBytes)
            : throw new InvalidOperationException("The target is no array.");
    }

    public void Compress(ReadOnlySpan<byte> content, ArrayBufferWriter<byte> target)
    {
        // Version 1, independent blocks, no checksums, blocks of 64 KiB at most.
        ReadOnlySpan<byte> descriptor = [0x60, 0x40];
        WriteWord(Magic, target);
        target.Write(descriptor);
        target.Write([(byte)(XxHash32(descriptor) >> 8)]);
        var positions = ArrayPool<int>.Shared.Rent(MatchFinder.TableSize);
        var block = new ArrayBufferWriter<byte>(Lz4Block.LargestBytes);
        for (; content.Length > 0; content = content[Math.Min(Lz4Block.LargestBytes, content.Length)..])
        {
            var source = content[..Math.Min(Lz4Block.LargestBytes, content.Length)];
            positions.AsSpan(0, MatchFinder.TableSize).Fill(-1);
            block.ResetWrittenCount();
            Lz4Block.Compress(source, block, positions);
            var pays = block.WrittenCount < source.Length;
            WriteWord(pays ? (uint)block.WrittenCount : (uint)source.Length | StoredBlock, target);
            target.Write(pays ? block.WrittenSpan : source);
        }
        ArrayPool<int>.Shared.Return(positions);
        WriteWord(0, target);
    }

    private static int ReadDescriptor(ReadOnlySpan<byte> frame, out bool blockChecksums, out int blockBytes)
    {
        if (frame.Length < 7 || BinaryPrimitives.ReadUInt32LittleEndian(frame) != Magic || frame[4] >> 6 != 1)
            throw new InvalidDataException("Not an LZ4 frame.");
        var flags = frame[4];
        blockChecksums = (flags & 0x10) != 0;
        // 4 to 7 mean 64 KiB, 256 KiB, 1 MiB, 4 MiB.
        blockBytes = 1 << (8 + 2 * ((frame[5] >> 4) & 7));
        var contentSize = (flags & 0x08) != 0 ? 8 : 0;
        var dictionary = (flags & 0x01) != 0 ? 4 : 0;
        var bytes = 7 + contentSize + dictionary;
        return frame.Length >= bytes ? bytes : throw new InvalidDataException("An LZ4 frame is cut off.");
    }

    private static int Store(ReadOnlySpan<byte> block, Span<byte> output, int written)
    {
        if (block.Length > output.Length - written)
            throw new InvalidDataException("An LZ4 block is larger than allowed.");
        block.CopyTo(output[written..]);
        return written + block.Length;
    }

    private static uint ReadWord(ref ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < sizeof(uint))
            throw new InvalidDataException("An LZ4 frame is cut off.");
        var word = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        bytes = bytes[sizeof(uint)..];
        return word;
    }

    private static void WriteWord(uint word, ArrayBufferWriter<byte> target)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(target.GetSpan(sizeof(uint)), word);
        target.Advance(sizeof(uint));
    }

    /// <summary>xxHash (github.com/Cyan4973/xxHash, 32 bits, seed 0) of less than four bytes: what the descriptor needs.</summary>
    private static uint XxHash32(ReadOnlySpan<byte> bytes)
    {
        const uint Prime1 = 2654435761;
        const uint Prime2 = 2246822519;
        const uint Prime3 = 3266489917;
        const uint Prime5 = 374761393;
        var hash = Prime5 + (uint)bytes.Length;
        foreach (var value in bytes)
            hash = BitOperations.RotateLeft(hash + value * Prime5, 11) * Prime1;
        hash = (hash ^ (hash >> 15)) * Prime2;
        hash = (hash ^ (hash >> 13)) * Prime3;
        return hash ^ (hash >> 16);
    }
}
