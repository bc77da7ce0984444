namespace Veltrix.RecordBatches;

/// <summary>Walks the records of a batch whose compression is undone.</summary>
/// <param name="records">All of them.</param>
public ref struct RecordReader(ReadOnlySpan<byte> records)
{
    private ReadOnlySpan<byte> _left = records;

    /// <summary>Goes to the next record; false at the end.</summary>
    /// <param name="record">It.</param>
    /// <exception cref="InvalidDataException">The records are malformed.</exception>
    public bool Next(out Record record)
    {
        record = default;
        if (_left.Length == 0)
            return false;
        var bytes = Varint.Read(ref _left);
        if (bytes <= 0 || bytes > _left.Length)
            throw new InvalidDataException("A record is longer than its batch.");
        record = new Record(_left[..(int)bytes]);
        _left = _left[(int)bytes..];
        return true;
    }
}
