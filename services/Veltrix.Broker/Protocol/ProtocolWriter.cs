using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Veltrix.Broker.Log;

namespace Veltrix.Broker.Protocol;

/// <summary>
/// Writes one response frame into a pooled buffer. Lengths and tags follow <see cref="Flexible"/>, as in
/// <see cref="ProtocolReader"/>.
/// </summary>
internal sealed class ProtocolWriter : IDisposable
{
    private const int InitialCapacityBytes = 1024;
    private const int MaximumVarintBytes = 5;
    private byte[] _buffer;
    private int _length;
    private List<(int Position, LogRange Range)>? _records;
    private int _recordBytes;

    public ProtocolWriter(int correlationId, bool flexible, bool headerTags)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(InitialCapacityBytes);
        Flexible = flexible;
        WriteInt32(0);
        WriteInt32(correlationId);
        if (headerTags)
            _buffer[_length++] = 0;
    }

    public bool Flexible { get; set; }

    public int Length => _length;

    /// <summary>Records that belong into the frame, and behind how many of its bytes each.</summary>
    public IReadOnlyList<(int Position, LogRange Range)> Records => _records ?? (IReadOnlyList<(int, LogRange)>)[];

    /// <summary>A frame without anything in it: what a token without a request around it is answered with.</summary>
    public static ProtocolWriter Bare() => new(0, flexible: false, headerTags: false) { _length = sizeof(int) };

    /// <summary>The finished frame, its size in front, without its <see cref="Records"/>.</summary>
    public ReadOnlyMemory<byte> Finish()
    {
        BinaryPrimitives.WriteInt32BigEndian(_buffer, checked(_length + _recordBytes) - sizeof(int));
        return _buffer.AsMemory(0, _length);
    }

    public void WriteBoolean(bool value) => Reserve(1)[0] = value ? (byte)1 : (byte)0;

    public void WriteInt8(sbyte value) => Reserve(1)[0] = (byte)value;

    public void WriteInt16(short value) => BinaryPrimitives.WriteInt16BigEndian(Reserve(2), value);

    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32BigEndian(Reserve(4), value);

    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64BigEndian(Reserve(8), value);

    public void WriteError(ErrorCode value) => WriteInt16((short)value);

    public void WriteUuid(Guid value) => value.TryWriteBytes(Reserve(16), bigEndian: true, out _);

    public void WriteString(string value) => WriteNullableString(value);

    public void WriteNullableString(string? value)
    {
        if (value is null)
        {
            if (Flexible)
                WriteUnsignedVarint(0);
            else
                WriteInt16(-1);
            return;
        }
        var length = Encoding.UTF8.GetByteCount(value);
        if (Flexible)
            WriteUnsignedVarint((uint)length + 1);
        else
            WriteInt16(checked((short)length));
        Encoding.UTF8.GetBytes(value, Reserve(length));
    }

    public void WriteBytes(ReadOnlySpan<byte> value)
    {
        WriteBytesLength(value.Length);
        value.CopyTo(Reserve(value.Length));
    }

    /// <summary>Length of an array; -1 for null.</summary>
    public void WriteArrayLength(int length) => WriteBytesLength(length);

    public void WriteInt32Array(params ReadOnlySpan<int> values)
    {
        WriteArrayLength(values.Length);
        foreach (var value in values)
            WriteInt32(value);
    }

    /// <summary>No tagged fields; nothing at all in versions without them.</summary>
    public void WriteNoTags()
    {
        if (Flexible)
            Reserve(1)[0] = 0;
    }

    public void WriteUnsignedVarint(uint value)
    {
        var target = Reserve(MaximumVarintBytes);
        var count = 0;
        for (; value >= 0x80; value >>= 7)
            target[count++] = (byte)(value | 0x80);
        target[count++] = (byte)value;
        _length -= MaximumVarintBytes - count;
    }

    /// <summary>
    /// Writes the length of record bytes, which stand in <see cref="Records"/> and are sent from their file: an answer
    /// is never in memory as a whole. The file stays open until the answer is disposed; none are sent when it is closed already.
    /// </summary>
    public void WriteRecords(LogRange range)
    {
        if (range.Bytes > 0 && !range.Segment.TryHold())
            range = default;
        WriteBytesLength(range.Bytes);
        if (range.Bytes == 0)
            return;
        _records ??= [];
        _records.Add((_length, range));
        _recordBytes += range.Bytes;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        if (_records is null)
            return;
        foreach (var (_, range) in _records)
            range.Segment.Release();
        _records = null;
    }

    private void WriteBytesLength(int length)
    {
        if (Flexible)
            WriteUnsignedVarint((uint)(length + 1));
        else
            WriteInt32(length);
    }

    private Span<byte> Reserve(int count)
    {
        if (_buffer.Length - _length < count)
            Grow(count);
        var reserved = _buffer.AsSpan(_length, count);
        _length += count;
        return reserved;
    }

    private void Grow(int count)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(_length + count), _buffer.Length * 2));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
