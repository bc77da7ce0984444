using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Veltrix.Events;

/// <summary>
/// Reads CloudEvents 1.0 in JSON, one event or a batch, in one pass over the request's bytes. What is wrong is a
/// result, never an exception, and one bad event of a batch leaves the others as they are. Allocates nothing for valid
/// events once its tables have grown; use it again after <see cref="Reset"/>. Not thread-safe.
/// Source: CloudEvents JSON format 1.0.
/// </summary>
public sealed class CloudEventReader
{
    /// <summary>Deepest nesting of an event's data, as deep as System.Text.Json reads by default.</summary>
    public const int MaximumDataDepth = 64;

    /// <summary>Most attributes of one event, extensions included.</summary>
    public const int MaximumAttributes = 64;

    /// <summary>Deepest nesting at which reading goes on at all; deeper data spoils the whole body.</summary>
    private const int MaximumBodyDepth = 1_000;

    private const int KeptSlots = 16 * 1024;
    private const int QuotedBytes = 64;

    private ReadOnlyMemory<byte> _body;
    private EventSlot[] _events = new EventSlot[16];
    private AttributeSlot[] _attributes = new AttributeSlot[128];
    private int _attributeCount;

    // Unescaped and decoded bytes; they are never more than the body.
    private byte[] _scratch = [];
    private int _scratchCount;

    /// <summary>How many events were found, refused ones included.</summary>
    public int Count { get; private set; }

    /// <summary>An event, by its position in the batch.</summary>
    public CloudEvent this[int index] =>
        index < Count ? new(this, in _events[index]) : throw new ArgumentOutOfRangeException(nameof(index));

    /// <summary>Reads a body that is one event.</summary>
    /// <returns>Why the body as a whole cannot be read; null when <see cref="Count"/> is 1.</returns>
    public EventFault? ReadEvent(ReadOnlyMemory<byte> body) => Read(body, maximumEvents: 1, isBatch: false);

    /// <summary>Reads a body that is an array of events.</summary>
    /// <param name="body">UTF-8.</param>
    /// <param name="maximumEvents">Most events in it.</param>
    /// <returns>Why the body as a whole cannot be read, then there are no events; else null.</returns>
    public EventFault? ReadBatch(ReadOnlyMemory<byte> body, int maximumEvents) =>
        Read(body, maximumEvents, isBatch: true);

    /// <summary>Forgets the body and its events.</summary>
    public void Reset()
    {
        if (_scratch.Length > 0)
            ArrayPool<byte>.Shared.Return(_scratch);
        _scratch = [];
        _scratchCount = 0;
        Array.Clear(_events, 0, Count);
        Count = 0;
        _attributeCount = 0;
        _body = default;
        // One enormous batch must not keep its tables for ever.
        if (_attributes.Length > KeptSlots)
            _attributes = new AttributeSlot[128];
    }

    internal ReadOnlySpan<byte> Bytes(Slice slice) =>
        slice.Start < 0 ? _scratch.AsSpan(~slice.Start, slice.Length) : _body.Span.Slice(slice.Start, slice.Length);

    internal CloudEvent.Attribute AttributeAt(int index) =>
        new(Bytes(_attributes[index].Name), Bytes(_attributes[index].Value));

    internal bool HasValue(int index) => !_attributes[index].IsNull;

    private EventFault? Read(ReadOnlyMemory<byte> body, int maximumEvents, bool isBatch)
    {
        Reset();
        _body = body;
        var fault = ReadAll(body.Span, maximumEvents, isBatch);
        if (fault is not null)
            Reset();
        return fault;
    }

    private EventFault? ReadAll(ReadOnlySpan<byte> body, int maximumEvents, bool isBatch)
    {
        if (!Utf8.IsValid(body))
            return Malformed($"Byte {JsonText.PositionOfInvalidUtf8(body)} is not UTF-8.");
        try
        {
            var json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaximumBodyDepth });
            json.Read();
            if (!isBatch)
                ReadOne(ref json);
            else if (json.TokenType != JsonTokenType.StartArray)
                return Malformed("A batch is a JSON array.");
            else
            {
                while (json.Read() && json.TokenType != JsonTokenType.EndArray)
                {
                    if (Count == maximumEvents)
                        return new EventFault(
                            ErrorCatalogue.BatchTooLarge,
                            $"At most {maximumEvents} events are taken; another one begins at byte {json.TokenStartIndex}."
                        );
                    ReadOne(ref json);
                }
            }
            // Nothing may follow: Read throws when something does.
            json.Read();
            return null;
        }
        catch (JsonException error)
        {
            // 'x' is an invalid start of a value. LineNumber: 0 | BytePositionInLine: 4.
            var reason = error.Message.Split(" LineNumber:")[0];
            return Malformed($"Reading stopped at byte {JsonText.PositionOf(error, body)}: {reason}");
        }
    }

    private void ReadOne(ref Utf8JsonReader json)
    {
        if (Count == _events.Length)
            Array.Resize(ref _events, Count * 2);
        ref var slot = ref _events[Count++];
        slot.Position = (int)json.TokenStartIndex;
        slot.FirstAttribute = _attributeCount;
        if (json.TokenType != JsonTokenType.StartObject)
        {
            slot.Fault = Malformed($"An event is a JSON object; there is none at byte {slot.Position}.");
            json.Skip();
            return;
        }
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
            ReadMember(ref json, ref slot);
        Finish(ref slot);
    }

    private void ReadMember(ref Utf8JsonReader json, ref EventSlot slot)
    {
        var position = (int)json.TokenStartIndex;
        var isReadable = TryText(ref json, out var nameSlice);
        var name = Bytes(nameSlice);
        json.Read();
        if (isReadable && name.SequenceEqual("data"u8))
            ReadData(ref json, ref slot, position);
        else if (isReadable && name.SequenceEqual("data_base64"u8))
            ReadEncodedData(ref json, ref slot, position);
        else if (!isReadable || !AttributeRules.IsName(name))
            Refuse(
                ref json,
                ref slot,
                $"The attribute name '{Quote(name)}' at byte {position} is not made of a-z and 0-9."
            );
        else if (slot.AttributeCount == MaximumAttributes)
            Refuse(ref json, ref slot, $"The attribute at byte {position} is one more than {MaximumAttributes}.");
        else if (IsKnown(in slot, name))
            Refuse(ref json, ref slot, $"The attribute '{Quote(name)}' at byte {position} is there twice.");
        else
            ReadAttribute(ref json, ref slot, nameSlice, position);
    }

    private void ReadAttribute(ref Utf8JsonReader json, ref EventSlot slot, Slice nameSlice, int position)
    {
        if (_attributeCount == _attributes.Length)
            Array.Resize(ref _attributes, _attributeCount * 2);
        ref var attribute = ref _attributes[_attributeCount++];
        attribute = new AttributeSlot { Name = nameSlice };
        slot.AttributeCount++;

        var name = Bytes(nameSlice);
        var isText = json.TokenType == JsonTokenType.String;
        var isValid = false;
        switch (json.TokenType)
        {
            // JSON format, section 2.2: null is the same as absent.
            case JsonTokenType.Null:
                attribute.IsNull = true;
                return;
            case JsonTokenType.String:
                isValid = TryText(ref json, out attribute.Value) && AttributeRules.IsText(Bytes(attribute.Value));
                break;
            case JsonTokenType.True or JsonTokenType.False:
                isValid = true;
                attribute.Value = new Slice((int)json.TokenStartIndex, json.ValueSpan.Length);
                break;
            case JsonTokenType.Number:
                isValid = TryInteger(ref json, out attribute.Value);
                break;
        }
        if (!isValid)
        {
            attribute.IsNull = true;
            Refuse(
                ref json,
                ref slot,
                $"The attribute '{Quote(name)}' at byte {position} is no string without control characters, no boolean and no 32-bit integer."
            );
            return;
        }
        if (Assign(ref slot, name, attribute.Value, isText) is { } expectation)
            slot.Fault ??= new EventFault(
                ErrorCatalogue.InvalidAttribute,
                $"The attribute '{Quote(name)}' at byte {position} is not {expectation}."
            );
    }

    /// <summary>Keeps an attribute of the specification under its name and checks its type; null when it is valid.</summary>
    private string? Assign(ref EventSlot slot, ReadOnlySpan<byte> name, Slice value, bool isText)
    {
        var text = Bytes(value);
        if (name.SequenceEqual("id"u8))
            return Keep(ref slot.Id, value, isText, "a string");
        if (name.SequenceEqual("source"u8))
            return Keep(ref slot.Source, value, isText && AttributeRules.IsUriReference(text), "a URI-reference");
        if (name.SequenceEqual("type"u8))
            return Keep(ref slot.Type, value, isText, "a string");
        if (name.SequenceEqual("specversion"u8))
            return Keep(ref slot.SpecVersion, value, isText && (text.IsEmpty || text.SequenceEqual("1.0"u8)), "'1.0'");
        if (name.SequenceEqual("subject"u8))
            return Keep(ref slot.Subject, value, isText && !text.IsEmpty, "a string that is not empty");
        if (name.SequenceEqual("time"u8))
            return Keep(ref slot.Time, value, isText && Rfc3339.TryParse(text, out _), "an RFC 3339 timestamp");
        if (name.SequenceEqual("datacontenttype"u8))
            return Keep(ref slot.DataContentType, value, isText && AttributeRules.IsMediaType(text), "a media type");
        if (name.SequenceEqual("dataschema"u8))
            return isText && AttributeRules.IsUri(text) ? null : "an absolute URI";
        if (name.SequenceEqual("partitionkey"u8))
            return Keep(ref slot.PartitionKey, value, isText && !text.IsEmpty, "a string that is not empty");
        return null;
    }

    private static string? Keep(ref Slice target, Slice value, bool isValid, string expectation)
    {
        if (!isValid)
            return expectation;
        target = value;
        return null;
    }

    private static void ReadData(ref Utf8JsonReader json, ref EventSlot slot, int position)
    {
        if (slot.HasJsonData)
        {
            Refuse(ref json, ref slot, $"The member 'data' at byte {position} is there twice.");
            return;
        }
        slot.HasJsonData = true;
        slot.IsTextData = json.TokenType == JsonTokenType.String;
        slot.IsEscapedData = slot.IsTextData && json.ValueIsEscaped;
        var start = (int)json.TokenStartIndex;
        var depth = 0;
        var deepest = 0;
        do
        {
            if (json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                deepest = Math.Max(deepest, ++depth);
            else if (json.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                depth--;
        } while (depth > 0 && json.Read());
        slot.JsonData = new Slice(start, (int)json.BytesConsumed - start);
        if (deepest > MaximumDataDepth)
            slot.Fault ??= new EventFault(
                ErrorCatalogue.InvalidAttribute,
                $"The member 'data' at byte {position} is nested deeper than {MaximumDataDepth} levels."
            );
    }

    private void ReadEncodedData(ref Utf8JsonReader json, ref EventSlot slot, int position)
    {
        if (slot.HasEncodedData)
        {
            Refuse(ref json, ref slot, $"The member 'data_base64' at byte {position} is there twice.");
            return;
        }
        slot.HasEncodedData = true;
        slot.EncodedDataIsNull = json.TokenType == JsonTokenType.Null;
        if (slot.EncodedDataIsNull)
            return;
        if (
            json.TokenType != JsonTokenType.String
            || !TryText(ref json, out var text)
            || !TryDecode(text, out slot.Data)
        )
            Refuse(ref json, ref slot, $"The member 'data_base64' at byte {position} is not a string in base64.");
    }

    private void Finish(ref EventSlot slot)
    {
        var missing =
            slot.Id.Length == 0 ? "id"
            : slot.Source.Length == 0 ? "source"
            : slot.SpecVersion.Length == 0 ? "specversion"
            : slot.Type.Length == 0 ? "type"
            : null;
        if (missing is not null)
            slot.Fault ??= new EventFault(
                ErrorCatalogue.MissingAttribute,
                $"The event that begins at byte {slot.Position} has no '{missing}', or an empty one."
            );

        if (slot.HasEncodedData && !slot.EncodedDataIsNull)
        {
            slot.DataForm = DataForm.Binary;
            if (slot.HasJsonData)
                slot.Fault ??= new EventFault(
                    ErrorCatalogue.InvalidAttribute,
                    $"The event that begins at byte {slot.Position} has both 'data' and 'data_base64'."
                );
            return;
        }
        if (!slot.HasJsonData)
            return;
        // JSON format, section 3.1: a JSON string under another media type is the text itself.
        var isText =
            slot.IsTextData && slot.DataContentType.Length > 0 && !AttributeRules.IsJson(Bytes(slot.DataContentType));
        slot.DataForm = isText ? DataForm.Text : DataForm.Json;
        slot.Data = slot.JsonData;
        if (!isText)
            return;
        slot.Data = new Slice(slot.JsonData.Start + 1, slot.JsonData.Length - 2);
        if (slot.IsEscapedData && !TryUnescape(Bytes(slot.Data), out slot.Data))
            slot.Fault ??= new EventFault(
                ErrorCatalogue.InvalidAttribute,
                $"The member 'data' at byte {slot.JsonData.Start} holds half of a surrogate pair, which is no text."
            );
    }

    private bool IsKnown(in EventSlot slot, ReadOnlySpan<byte> name)
    {
        for (var index = slot.FirstAttribute; index < slot.FirstAttribute + slot.AttributeCount; index++)
            if (Bytes(_attributes[index].Name).SequenceEqual(name))
                return true;
        return false;
    }

    /// <summary>The text of the string or name at which <paramref name="json"/> stands.</summary>
    private bool TryText(ref Utf8JsonReader json, out Slice text)
    {
        text = new Slice((int)json.TokenStartIndex + 1, json.ValueSpan.Length);
        return !json.ValueIsEscaped || TryUnescape(json.ValueSpan, out text);
    }

    private bool TryUnescape(ReadOnlySpan<byte> escaped, out Slice text)
    {
        var isWhole = JsonText.TryUnescape(escaped, Scratch(), out var length);
        text = TakeScratch(isWhole ? length : 0);
        return isWhole;
    }

    private bool TryDecode(Slice text, out Slice decoded)
    {
        int length;
        OperationStatus status;
        // What was unescaped already lies in the scratch bytes, which have no room for it twice.
        if (text.Start < 0)
        {
            status = Base64.DecodeFromUtf8InPlace(_scratch.AsSpan(~text.Start, text.Length), out length);
            decoded = new Slice(text.Start, length);
        }
        else
        {
            status = Base64.DecodeFromUtf8(Bytes(text), Scratch(), out _, out length);
            decoded = TakeScratch(status == OperationStatus.Done ? length : 0);
        }
        return status == OperationStatus.Done;
    }

    /// <summary>Type Integer: 32 bits, in canonical form, so without fraction, exponent and negative zero.</summary>
    private static bool TryInteger(ref Utf8JsonReader json, out Slice value)
    {
        value = new Slice((int)json.TokenStartIndex, json.ValueSpan.Length);
        if (!Utf8Parser.TryParse(json.ValueSpan, out int number, out var length) || length != json.ValueSpan.Length)
            return false;
        if (number == 0)
            value = new Slice(value.Start + value.Length - 1, 1);
        return true;
    }

    private Span<byte> Scratch()
    {
        if (_scratch.Length == 0)
            _scratch = ArrayPool<byte>.Shared.Rent(_body.Length);
        return _scratch.AsSpan(_scratchCount);
    }

    private Slice TakeScratch(int length)
    {
        var slice = new Slice(~_scratchCount, length);
        _scratchCount += length;
        return slice;
    }

    private static void Refuse(ref Utf8JsonReader json, ref EventSlot slot, string detail)
    {
        slot.Fault ??= new EventFault(ErrorCatalogue.InvalidAttribute, detail);
        json.Skip();
    }

    private static EventFault Malformed(string detail) => new(ErrorCatalogue.MalformedJson, detail);

    private static string Quote(ReadOnlySpan<byte> name) =>
        Encoding.UTF8.GetString(name[..Math.Min(name.Length, QuotedBytes)]);

    /// <summary>A piece of the body; a negative start counts, as its complement, in the scratch bytes.</summary>
    internal readonly record struct Slice(int Start, int Length);

    internal enum DataForm
    {
        None,
        Json,
        Text,
        Binary,
    }

    internal struct EventSlot
    {
        public int Position;
        public int FirstAttribute;
        public int AttributeCount;
        public Slice Id;
        public Slice Source;
        public Slice Type;
        public Slice SpecVersion;
        public Slice Subject;
        public Slice Time;
        public Slice DataContentType;
        public Slice PartitionKey;
        public Slice Data;
        public Slice JsonData;
        public DataForm DataForm;
        public bool HasJsonData;
        public bool IsTextData;
        public bool IsEscapedData;
        public bool HasEncodedData;
        public bool EncodedDataIsNull;
        public EventFault? Fault;
    }

    private struct AttributeSlot
    {
        public Slice Name;
        public Slice Value;
        public bool IsNull;
    }
}
