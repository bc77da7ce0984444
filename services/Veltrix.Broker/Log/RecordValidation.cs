using System.Runtime.CompilerServices;

namespace Veltrix.Broker.Log;

/// <summary>
/// Whether the records of a batch, their compression undone, are what its header promises. One pass that skips keys and
/// values and allocates nothing: every record that is produced goes through it.
/// </summary>
internal static class RecordValidation
{
    private const long NoTimestamp = -1;

    /// <summary>
    /// Whether there are exactly <paramref name="count"/> records and nothing else, numbered from 0 on, each as long as it
    /// says; with <paramref name="keyed"/> also, whether each has a key.
    /// </summary>
    /// <param name="records">All records.</param>
    /// <param name="count">How many there should be.</param>
    /// <param name="keyed">Whether each needs a key.</param>
    /// <param name="baseTimestamp">What their timestamps count from.</param>
    /// <param name="timestamps">The first and the last in time.</param>
    public static bool AreWellFormed(
        ReadOnlySpan<byte> records,
        int count,
        bool keyed,
        long baseTimestamp,
        out TimestampRange timestamps
    )
    {
        var (earliest, latest) = (long.MaxValue, NoTimestamp);
        timestamps = default;
        for (var delta = 0; delta < count; delta++)
        {
            if (
                !TryReadNumber(ref records, out var bytes)
                || (uint)bytes > (uint)records.Length
                || !IsWellFormed(records[..bytes], delta, keyed, out var timestampDelta)
            )
                return false;
            records = records[bytes..];
            var timestamp = baseTimestamp + timestampDelta;
            latest = Math.Max(latest, timestamp);
            if (timestamp != NoTimestamp)
                earliest = Math.Min(earliest, timestamp);
        }
        timestamps = new TimestampRange(earliest, latest);
        return records.Length == 0;
    }

    private static bool IsWellFormed(ReadOnlySpan<byte> record, int delta, bool keyed, out long timestampDelta)
    {
        timestampDelta = 0;
        if (record.Length == 0)
            return false;
        // The attributes: none are in use.
        record = record[1..];
        return Varint.TryRead(ref record, out timestampDelta)
            && TryReadNumber(ref record, out var offsetDelta)
            && offsetDelta == delta
            && TryReadNumber(ref record, out var keyBytes)
            && (keyBytes >= 0 || !keyed)
            && TrySkip(ref record, keyBytes)
            && TryReadNumber(ref record, out var valueBytes)
            && TrySkip(ref record, valueBytes)
            && TryReadNumber(ref record, out var headers)
            && TrySkipHeaders(ref record, headers)
            && record.Length == 0;
    }

    private static bool TrySkipHeaders(ref ReadOnlySpan<byte> record, int count)
    {
        if (count < 0)
            return false;
        for (; count > 0; count--)
        {
            if (
                !TryReadNumber(ref record, out var nameBytes)
                || nameBytes < 0
                || !TrySkip(ref record, nameBytes)
                || !TryReadNumber(ref record, out var valueBytes)
                || !TrySkip(ref record, valueBytes)
            )
                return false;
        }
        return true;
    }

    /// <summary>Skips a key or a value; a negative length means that there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TrySkip(ref ReadOnlySpan<byte> bytes, int count)
    {
        if (count > bytes.Length)
            return false;
        bytes = bytes[Math.Max(0, count)..];
        return true;
    }

    /// <summary>Reads a zigzag number of at most 32 bits; nearly all take one byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryReadNumber(ref ReadOnlySpan<byte> bytes, out int number)
    {
        if (bytes.Length == 0 || bytes[0] >= 0x80)
            return TryReadLongNumber(ref bytes, out number);
        number = Unzigzag(bytes[0]);
        bytes = bytes[1..];
        return true;
    }

    private static bool TryReadLongNumber(ref ReadOnlySpan<byte> bytes, out int number)
    {
        const int LongestBytes = 5;
        var value = 0U;
        for (var index = 0; index < Math.Min(LongestBytes, bytes.Length); index++)
        {
            value |= (uint)(bytes[index] & 0x7F) << (7 * index);
            if (bytes[index] >= 0x80)
                continue;
            number = Unzigzag(value);
            bytes = bytes[(index + 1)..];
            return true;
        }
        number = 0;
        return false;
    }

    private static int Unzigzag(uint value) => (int)(value >> 1) ^ -(int)(value & 1);
}
