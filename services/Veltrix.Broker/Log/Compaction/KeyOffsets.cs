using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Veltrix.Broker.Log.Compaction;

/// <summary>
/// The last offset of each key, in a fixed number of bytes. Keys are kept as half of their SHA-256: two that share it
/// would have to be searched for with 2^64 attempts.
/// </summary>
internal sealed class KeyOffsets
{
    private const double LargestLoad = 0.75;
    private readonly Entry[] _entries;
    private readonly int _maximumCount;
    private int _count;

    public KeyOffsets(long maximumBytes)
    {
        _entries = new Entry[Math.Max(16, Math.Min(maximumBytes / Marshal.SizeOf<Entry>(), Array.MaxLength))];
        _maximumCount = (int)(_entries.Length * LargestLoad);
    }

    /// <param name="NextOffset">One more than the offset, so that an empty entry is zero.</param>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Entry(UInt128 Hash, long NextOffset);

    public void Clear()
    {
        Array.Clear(_entries);
        _count = 0;
    }

    /// <summary>Notes a later offset of a key; false when there is no room for another key.</summary>
    public bool TrySet(ReadOnlySpan<byte> key, long offset)
    {
        var hash = HashOf(key);
        ref var entry = ref Find(hash);
        if (entry.NextOffset == 0)
        {
            if (_count == _maximumCount)
                return false;
            _count++;
        }
        entry = new Entry(hash, Math.Max(entry.NextOffset, offset + 1));
        return true;
    }

    /// <summary>The last offset of a key; -1 when it was not noted.</summary>
    public long Get(ReadOnlySpan<byte> key) => Find(HashOf(key)).NextOffset - 1;

    private ref Entry Find(UInt128 hash)
    {
        for (var index = (int)((ulong)hash % (ulong)_entries.Length); ; index = (index + 1) % _entries.Length)
        {
            ref var entry = ref _entries[index];
            if (entry.NextOffset == 0 || entry.Hash == hash)
                return ref entry;
        }
    }

    private static UInt128 HashOf(ReadOnlySpan<byte> key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(key, hash);
        return MemoryMarshal.Read<UInt128>(hash);
    }
}
