using System.Buffers.Binary;
using System.Text;

namespace Veltrix.Broker.Protocol;

/// <summary>
/// Reads the primitive types of Kafka's protocol. In flexible versions (KIP-482) lengths are unsigned varints plus one
/// and every structure ends with tagged fields; elsewhere lengths are fixed and there are no tags.
/// </summary>
internal ref struct ProtocolReader(ReadOnlySpan<byte> source, bool flexible)
{
    /// <summary>More elements than any client lists; an answer has a part for each.</summary>
    private const int MaximumArrayLength = 100_000;

    private readonly ReadOnlySpan<byte> _source = source;
    private readonly bool _flexible = flexible;

    /// <summary>Bytes read so far.</summary>
    public int Position { get; private set; }

    public bool ReadBoolean() => Take(1)[0] != 0;

    public sbyte ReadInt8() => (sbyte)Take(1)[0];

    public short ReadInt16() => BinaryPrimitives.ReadInt16BigEndian(Take(2));

    public int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    public long ReadInt64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    public Guid ReadUuid() => new(Take(16), bigEndian: true);

    public string ReadString() => ReadNullableString() ?? throw new MalformedRequestException("A string is null.");

    public string? ReadNullableString()
    {
        var length = _flexible ? ReadCompactLength() : ReadInt16();
        return length < 0 ? null : Encoding.UTF8.GetString(Take(length));
    }

    public ReadOnlySpan<byte> ReadBytes()
    {
        var length = _flexible ? ReadCompactLength() : ReadInt32();
        return length < 0 ? throw new MalformedRequestException("Bytes are null.") : Take(length);
    }

    /// <summary>Where record bytes stand in the source; null when there are none.</summary>
    public Range? ReadRecords()
    {
        var length = _flexible ? ReadCompactLength() : ReadInt32();
        if (length < 0)
            return null;
        var start = Position;
        Take(length);
        return start..Position;
    }

    /// <summary>Number of elements of an array; -1 for null. Never more than bytes that are left.</summary>
    public int ReadArrayLength()
    {
        var length = _flexible ? ReadCompactLength() : ReadInt32();
        // Every element takes a byte at least: a longer array is a lie, refused before anything is allocated for it.
        return length > Math.Min(MaximumArrayLength, _source.Length - Position)
            ? throw new MalformedRequestException($"An array of {length} elements is longer than its request.")
            : length;
    }

    public List<int> ReadInt32Array()
    {
        var values = new List<int>();
        for (var left = ReadArrayLength(); left > 0; left--)
            values.Add(ReadInt32());
        return values;
    }

    public List<string> ReadStringArray()
    {
        var values = new List<string>();
        for (var left = ReadArrayLength(); left > 0; left--)
            values.Add(ReadString());
        return values;
    }

    /// <summary>Steps over the tagged fields at the end of a structure; none of them concerns this broker.</summary>
    public void SkipTags()
    {
        if (!_flexible)
            return;
        for (var left = ReadUnsignedVarint(); left > 0; left--)
        {
            ReadUnsignedVarint();
            Take((int)Math.Min(ReadUnsignedVarint(), int.MaxValue));
        }
    }

    public uint ReadUnsignedVarint()
    {
        uint value = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var next = Take(1)[0];
            value |= (uint)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
        throw new MalformedRequestException("A varint is longer than five bytes.");
    }

    private int ReadCompactLength() => (int)Math.Min(ReadUnsignedVarint(), int.MaxValue) - 1;

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _source.Length - Position)
            throw new MalformedRequestException($"{count} bytes wanted at {Position} of {_source.Length}.");
        var taken = _source.Slice(Position, count);
        Position += count;
        return taken;
    }
}
