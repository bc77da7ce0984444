namespace Veltrix.RecordBatches;

/// <summary>One record: attributes, deltas of timestamp and offset, key and value (length -1: none), headers.</summary>
public readonly ref struct Record
{
    /// <summary>Reads a record.</summary>
    /// <param name="body">What follows its length.</param>
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

    /// <summary>None are in use.</summary>
    public byte Attributes { get; }

    /// <summary>Milliseconds from the batch's base timestamp.</summary>
    public long TimestampDelta { get; }

    /// <summary>Counted from the batch's base offset.</summary>
    public int OffsetDelta { get; }

    /// <summary>Whether there is a key, be it empty.</summary>
    public bool HasKey { get; }

    /// <summary>The key; empty without one.</summary>
    public ReadOnlySpan<byte> Key { get; }

    /// <summary>False for a tombstone.</summary>
    public bool HasValue { get; }

    /// <summary>Everything from the key's length on, which no rewriting changes.</summary>
    public ReadOnlySpan<byte> FromKey { get; }
}
