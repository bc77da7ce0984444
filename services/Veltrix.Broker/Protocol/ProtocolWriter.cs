using System.Buffers;
using System.Buffers.Binary;
using System.Text;

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

    /// <summary>The finished frame, its size in front.</summary>
    public ReadOnlyMemory<byte> Finish()
    {
        BinaryPrimitives.WriteInt32BigEndian(_buffer, _length - sizeof(int));
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
    /// Writes record bytes of unknown length: <paramref name="read"/> fills at most <paramref name="maximumBytes"/> and
    /// says how many there are. They are read in place, so that a fetch copies nothing on its way from the file.
    /// </summary>
    public int WriteRecords<TState>(int maximumBytes, TState state, Func<TState, Span<byte>, int> read)
    {
        var start = _length;
        WriteBytesLength(maximumBytes);
        var prefix = _length - start;
        var target = Reserve(maximumBytes);
        var count = read(state, target);

        _length = start;
        WriteBytesLength(count);
        // Fewer bytes than planned can take a shorter length prefix; the records then move down by that byte.
        if (_length - start != prefix)
            _buffer.AsSpan(start + prefix, count).CopyTo(_buffer.AsSpan(_length));
        _length += count;
        return count;
    }

    /// <summary>Forgets what was written after <paramref name="length"/>.</summary>
    public void Truncate(int length) => _length = length;

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
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
