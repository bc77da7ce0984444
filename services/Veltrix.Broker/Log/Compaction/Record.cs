namespace Veltrix.Broker.Log.Compaction;

/// <summary>One record: attributes, deltas of timestamp and offset, key and value (length -1: none), headers.</summary>
internal readonly ref struct Record
{
    /// <exception cref="InvalidDataException">It is malformed.</exception>
    public Record(ReadOnlySpan<byte> body)
    {
        if (body.Length == 0)
            throw new InvalidDataException("A record is empty.");
        Attributes = body[0];
        body = body[1..];
        TimestampDelta = Varint.Read(ref body);
        OffsetDelta = (int)Varint.Read(ref body);
        FromKey = body;
        var keyBytes = Varint.Read(ref body);
        HasKey = keyBytes >= 0;
        if (keyBytes > body.Length)
            throw new InvalidDataException("A key is longer than its record.");
        Key = HasKey ? body[..(int)keyBytes] : default;
        body = body[Key.Length..];
        HasValue = Varint.Read(ref body) >= 0;
    }

    public byte Attributes { get; }

    public long TimestampDelta { get; }

    public int OffsetDelta { get; }

    public bool HasKey { get; }

    public ReadOnlySpan<byte> Key { get; }

    /// <summary>False for a tombstone.</summary>
    public bool HasValue { get; }

    /// <summary>Everything from the key's length on, which no rewriting changes.</summary>
    public ReadOnlySpan<byte> FromKey { get; }
}
