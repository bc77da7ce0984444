using System.Buffers;
using System.Runtime.CompilerServices;

namespace Veltrix.RecordBatches;

/// <summary>Numbers of variable length, zigzag: as records have them.</summary>
public static class Varint
{
    private const int LongestBytes = 10;

    /// <summary>Takes a number from the beginning of <paramref name="bytes"/>.</summary>
    /// <exception cref="InvalidDataException">The number does not end.</exception>
    public static long Read(ref ReadOnlySpan<byte> bytes) =>
        TryRead(ref bytes, out var value) ? value : throw new InvalidDataException("A number does not end.");

    /// <summary>Takes a number from the beginning of <paramref name="bytes"/>; false when it does not end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ref ReadOnlySpan<byte> bytes, out long number)
    {
        var value = 0UL;
        for (var index = 0; index < Math.Min(LongestBytes, bytes.Length); index++)
        {
            value |= (ulong)(bytes[index] & 0x7F) << (7 * index);
            if (bytes[index] >= 0x80)
                continue;
            number = (long)(value >> 1) ^ -(long)(value & 1);
            bytes = bytes[(index + 1)..];
            return true;
        }
        number = 0;
        return false;
    }

    /// <summary>Appends a number.</summary>
    public static void Write(long value, ArrayBufferWriter<byte> target)
    {
        var bytes = target.GetSpan(LongestBytes);
        var count = 0;
        for (var left = Zigzag(value); ; left >>= 7)
        {
            bytes[count++] = (byte)(left < 0x80 ? left : left | 0x80);
            if (left < 0x80)
                break;
        }
        target.Advance(count);
    }

    /// <summary>How many bytes a number takes.</summary>
    public static int SizeOf(long value)
    {
        var size = 1;
        for (var left = Zigzag(value); left >= 0x80; left >>= 7)
            size++;
        return size;
    }

    private static ulong Zigzag(long value) => (ulong)(value << 1) ^ (ulong)(value >> 63);
}
