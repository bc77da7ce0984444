using System.Buffers.Binary;

namespace Veltrix.Broker.Compression;

/// <summary>
/// Finds earlier occurrences of the next four bytes, greedily and with one candidate for each hash: what the fast levels of
/// Snappy and LZ4 do. One is used for one block only.
/// </summary>
internal ref struct MatchFinder(ReadOnlySpan<byte> content, Span<int> positions)
{
    public const int TableSize = 1 << HashBits;
    public const int MinimumMatch = 4;
    private const int HashBits = 13;
    private const int MaximumDistance = ushort.MaxValue;
    private readonly ReadOnlySpan<byte> _content = content;
    private readonly Span<int> _positions = positions;

    /// <summary>
    /// The next match that begins at <paramref name="from"/> or later and ends before <paramref name="end"/>; false when there
    /// is none. The table must have been filled with -1.
    /// </summary>
    public readonly bool Next(int from, int end, out int position, out int distance, out int length)
    {
        for (position = from; position + MinimumMatch <= end; position++)
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(_content[position..]);
            ref var slot = ref _positions[(int)((word * 2654435761u) >> (32 - HashBits))];
            var candidate = slot;
            slot = position;
            if (
                candidate < 0
                || position - candidate > MaximumDistance
                || BinaryPrimitives.ReadUInt32LittleEndian(_content[candidate..]) != word
            )
                continue;
            distance = position - candidate;
            length = _content[position..end].CommonPrefixLength(_content[candidate..]);
            return true;
        }
        (distance, length) = (0, 0);
        return false;
    }
}
