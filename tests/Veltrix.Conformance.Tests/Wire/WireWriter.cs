using System.Buffers.Binary;
using System.Text;

namespace Veltrix.Conformance.Tests.Wire;

/// <summary>Encodes fields by their description. What is not given is null where it may be, else empty or zero.</summary>
internal sealed class WireWriter(short version, bool flexible)
{
    private readonly MemoryStream _bytes = new();

    public byte[] ToArray() => _bytes.ToArray();

    public void Write(IEnumerable<WireField> description, Fields fields)
    {
        foreach (var field in description.Where(field => field.Versions.Contains(version) && field.Tag is null))
            Write(field, fields.GetValueOrDefault(field.Name));
        if (flexible)
            WriteTags(description, fields);
    }

    private void WriteTags(IEnumerable<WireField> description, Fields fields)
    {
        var tagged = description
            .Where(field => field.Tag is not null && field.Versions.Contains(version) && fields.ContainsKey(field.Name))
            .OrderBy(field => field.Tag)
            .ToList();
        WriteVarint((uint)tagged.Count);
        foreach (var field in tagged)
        {
            var content = new WireWriter(version, flexible);
            content.Write(field, fields[field.Name]);
            WriteVarint((uint)field.Tag!.Value);
            WriteVarint((uint)content._bytes.Length);
            _bytes.Write(content.ToArray());
        }
    }

    public void WriteNoTags()
    {
        if (flexible)
            _bytes.WriteByte(0);
    }

    public void WriteInt16(short value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteInt16BigEndian(bytes, value);
        _bytes.Write(bytes);
    }

    public void WriteInt32(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        _bytes.Write(bytes);
    }

    private void Write(WireField field, object? value)
    {
        if (!field.IsArray)
        {
            WriteOne(field, value);
            return;
        }
        if (value is null && field.Nullable.Contains(version))
        {
            WriteLength(-1);
            return;
        }
        var items = ((System.Collections.IEnumerable?)value ?? Array.Empty<object>()).Cast<object?>().ToList();
        WriteLength(items.Count);
        foreach (var item in items)
            WriteOne(field, item);
    }

    private void WriteOne(WireField field, object? value)
    {
        switch (field.Type)
        {
            case "struct":
                Write(field.Children, (Fields?)value ?? []);
                break;
            case "bool":
                _bytes.WriteByte((bool?)value ?? false ? (byte)1 : (byte)0);
                break;
            case "int8":
                _bytes.WriteByte((byte)Convert.ToSByte(value ?? 0));
                break;
            case "int16":
                WriteInt16(Convert.ToInt16(value ?? 0));
                break;
            case "int32":
                WriteInt32(Convert.ToInt32(value ?? 0));
                break;
            case "int64":
                Span<byte> bytes = stackalloc byte[8];
                BinaryPrimitives.WriteInt64BigEndian(bytes, Convert.ToInt64(value ?? 0));
                _bytes.Write(bytes);
                break;
            case "uuid":
                _bytes.Write(((Guid?)value ?? Guid.Empty).ToByteArray(bigEndian: true));
                break;
            case "string":
                WriteString(field, (string?)value);
                break;
            default:
                WriteBytes(field, (byte[]?)value);
                break;
        }
    }

    private void WriteString(WireField field, string? value)
    {
        var bytes = value is null ? null : Encoding.UTF8.GetBytes(value);
        if (bytes is null && !field.Nullable.Contains(version))
            bytes = [];
        if (flexible)
            WriteVarint((uint)((bytes?.Length ?? -1) + 1));
        else
            WriteInt16((short)(bytes?.Length ?? -1));
        _bytes.Write(bytes ?? []);
    }

    private void WriteBytes(WireField field, byte[]? value)
    {
        if (value is null && !field.Nullable.Contains(version))
            value = [];
        WriteLength(value?.Length ?? -1);
        _bytes.Write(value ?? []);
    }

    private void WriteLength(int length)
    {
        if (flexible)
            WriteVarint((uint)(length + 1));
        else
            WriteInt32(length);
    }

    private void WriteVarint(uint value)
    {
        for (; value >= 0x80; value >>= 7)
            _bytes.WriteByte((byte)(value | 0x80));
        _bytes.WriteByte((byte)value);
    }
}
