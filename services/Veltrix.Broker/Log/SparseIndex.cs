using System.Runtime.InteropServices;

namespace Veltrix.Broker.Log;

/// <summary>Where some of a segment's batches begin: one entry for each <see cref="IntervalBytes"/> of log at most.</summary>
internal sealed class SparseIndex
{
    public const int IntervalBytes = 16 * 1024;

    private readonly List<Entry> _entries;

    public SparseIndex() => _entries = [];

    public SparseIndex(ReadOnlySpan<Entry> entries)
    {
        _entries = new List<Entry>(entries.Length);
        _entries.AddRange(entries);
    }

    /// <param name="BaseOffset">First offset of the batch.</param>
    /// <param name="Position">Its first byte in the segment.</param>
    /// <param name="MaximumTimestampBefore">The largest timestamp of all batches before it in the segment.</param>
    [StructLayout(LayoutKind.Sequential)]
    public readonly record struct Entry(long BaseOffset, long Position, long MaximumTimestampBefore);

    public ReadOnlySpan<Entry> Entries => CollectionsMarshal.AsSpan(_entries);

    public void Add(long baseOffset, long position, long maximumTimestampBefore)
    {
        if (_entries.Count == 0 || position - _entries[^1].Position >= IntervalBytes)
            _entries.Add(new Entry(baseOffset, position, maximumTimestampBefore));
    }

    /// <summary>A position at or before the batch that holds <paramref name="offset"/>.</summary>
    public long PositionBefore(long offset)
    {
        var (low, high) = (0, _entries.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (_entries[middle].BaseOffset <= offset)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return high < 0 ? 0 : _entries[high].Position;
    }

    /// <summary>The last known start of a batch at or before <paramref name="position"/>.</summary>
    public long LastPositionUpTo(long position)
    {
        var (low, high) = (0, _entries.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (_entries[middle].Position <= position)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return high < 0 ? 0 : _entries[high].Position;
    }

    /// <summary>A position at or before the first batch whose largest timestamp reaches <paramref name="timestamp"/>.</summary>
    public long PositionBeforeTimestamp(long timestamp)
    {
        var (low, high) = (0, _entries.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (_entries[middle].MaximumTimestampBefore < timestamp)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return high < 0 ? 0 : _entries[high].Position;
    }
}
