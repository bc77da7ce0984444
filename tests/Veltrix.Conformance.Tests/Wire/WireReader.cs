using System.Buffers.Binary;
using System.Text;

namespace Veltrix.Conformance.Tests.Wire;

/// <summary>Decodes fields by their description, and fails when the bytes do not fit it.</summary>
internal sealed class WireReader(byte[] bytes, short version, bool flexible)
{
    private int _position;

    /// <summary>Bytes that nothing has read.</summary>
    public int Left => bytes.Length - _position;

    public Fields Read(List<WireField> description)
    {
        var fields = new Fields();
        foreach (var field in description.Where(field => field.Versions.Contains(version) && field.Tag is null))
            fields[field.Name] = Read(field);
        if (flexible)
            ReadTags(description, fields);
        return fields;
    }

    public int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    public void SkipTags() => ReadTags([], []);

    private void ReadTags(List<WireField> description, Fields fields)
    {
        for (var left = ReadVarint(); left > 0; left--)
        {
            var tag = (int)ReadVarint();
            var end = (int)ReadVarint() + _position;
            var field = description.Find(candidate => candidate.Tag == tag && candidate.Versions.Contains(version));
            field.ShouldNotBeNull($"tag {tag}");
            fields[field.Name] = Read(field);
            _position.ShouldBe(end, field.Name);
        }
    }

    private object? Read(WireField field)
    {
        if (!field.IsArray)
            return ReadOne(field);
        var count = ReadLength();
        if (count < 0)
        {
            field.Nullable.Contains(version).ShouldBeTrue($"{field.Name} is null");
            return null;
        }
        var items = new List<object?>();
        for (; count > 0; count--)
            items.Add(ReadOne(field));
        return items;
    }

    private object? ReadOne(WireField field)
    {
        switch (field.Type)
        {
            case "struct":
                return Read(field.Children);
            case "bool":
                return Take(1)[0] != 0;
            case "int8":
                return (sbyte)Take(1)[0];
            case "int16":
                return BinaryPrimitives.ReadInt16BigEndian(Take(2));
            case "int32":
                return ReadInt32();
            case "int64":
                return BinaryPrimitives.ReadInt64BigEndian(Take(8));
            case "uuid":
                return new Guid(Take(16), bigEndian: true);
            case "string":
                var length = flexible ? (int)ReadVarint() - 1 : BinaryPrimitives.ReadInt16BigEndian(Take(2));
                return NullOr(field, length, () => Encoding.UTF8.GetString(Take(length)));
            default:
                var count = ReadLength();
                return NullOr(field, count, () => Take(count).ToArray());
        }
    }

    private object? NullOr(WireField field, int length, Func<object> read)
    {
        if (length >= 0)
            return read();
        field.Nullable.Contains(version).ShouldBeTrue($"{field.Name} is null");
        return null;
    }

    private int ReadLength() => flexible ? (int)ReadVarint() - 1 : ReadInt32();

    private uint ReadVarint()
    {
        uint value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = Take(1)[0];
            value |= (uint)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        var taken = bytes.AsSpan(_position, count);
        _position += count;
        return taken;
    }
}
