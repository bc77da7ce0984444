namespace Veltrix.Events;

/// <summary>
/// One event that a <see cref="CloudEventReader"/> found: a view of the request's bytes without copies, valid until
/// the reader reads again or is reset. Absent attributes are empty.
/// </summary>
public readonly ref struct CloudEvent
{
    private readonly CloudEventReader _reader;
    private readonly ref readonly CloudEventReader.EventSlot _slot;

    internal CloudEvent(CloudEventReader reader, ref readonly CloudEventReader.EventSlot slot)
    {
        _reader = reader;
        _slot = ref slot;
    }

    /// <summary>Why the event is refused; null for a valid one. A refused event may still have its id and source.</summary>
    public EventFault? Fault => _slot.Fault;

    /// <summary>The attribute <c>id</c>.</summary>
    public ReadOnlySpan<byte> Id => _reader.Bytes(_slot.Id);

    /// <summary>The attribute <c>source</c>.</summary>
    public ReadOnlySpan<byte> Source => _reader.Bytes(_slot.Source);

    /// <summary>The attribute <c>type</c>.</summary>
    public ReadOnlySpan<byte> Type => _reader.Bytes(_slot.Type);

    /// <summary>The attribute <c>subject</c>.</summary>
    public ReadOnlySpan<byte> Subject => _reader.Bytes(_slot.Subject);

    /// <summary>The attribute <c>time</c>, as it was sent.</summary>
    public ReadOnlySpan<byte> Time => _reader.Bytes(_slot.Time);

    /// <summary>The extension <c>partitionkey</c>.</summary>
    public ReadOnlySpan<byte> PartitionKey => _reader.Bytes(_slot.PartitionKey);

    /// <summary>The media type of <see cref="Data"/>: <c>datacontenttype</c>, else <c>application/json</c> for JSON data.</summary>
    public ReadOnlySpan<byte> DataContentType =>
        _slot.DataContentType.Length > 0 ? _reader.Bytes(_slot.DataContentType)
        : _slot.DataForm == CloudEventReader.DataForm.Json ? "application/json"u8
        : default;

    /// <summary>Whether the event has data; data may be empty.</summary>
    public bool HasData => _slot.DataForm != CloudEventReader.DataForm.None;

    /// <summary>
    /// The data: the JSON bytes of <c>data</c> exactly as they were sent; the text of a JSON string when
    /// <c>datacontenttype</c> is not JSON; the decoded bytes of <c>data_base64</c>.
    /// </summary>
    public ReadOnlySpan<byte> Data => _reader.Bytes(_slot.Data);

    /// <summary>The name that decides the partition unless the configuration says otherwise: <c>partitionkey</c>, else <c>subject</c>, else <c>id</c>.</summary>
    public ReadOnlySpan<byte> Key =>
        !PartitionKey.IsEmpty ? PartitionKey
        : !Subject.IsEmpty ? Subject
        : Id;

    /// <summary>Every attribute and extension that has a value, in the order in which they were sent.</summary>
    public AttributeEnumerator GetEnumerator() => new(_reader, _slot.FirstAttribute, _slot.AttributeCount);

    /// <summary>An attribute's name and its value in canonical string form, both UTF-8.</summary>
    public readonly ref struct Attribute
    {
        internal Attribute(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
        {
            Name = name;
            Value = value;
        }

        /// <summary>Its name, made of a-z and 0-9.</summary>
        public ReadOnlySpan<byte> Name { get; }

        /// <summary>Its value.</summary>
        public ReadOnlySpan<byte> Value { get; }
    }

    /// <summary>Walks through the attributes.</summary>
    public ref struct AttributeEnumerator
    {
        private readonly CloudEventReader _reader;
        private readonly int _end;
        private int _index;

        internal AttributeEnumerator(CloudEventReader reader, int first, int count)
        {
            _reader = reader;
            _index = first - 1;
            _end = first + count;
        }

        /// <summary>The attribute at which the walk stands.</summary>
        public readonly Attribute Current => _reader.AttributeAt(_index);

        /// <summary>Goes to the next attribute.</summary>
        public bool MoveNext()
        {
            do _index++;
            while (_index < _end && !_reader.HasValue(_index));
            return _index < _end;
        }
    }
}
