using System.Text;
using System.Text.Unicode;

namespace Veltrix.Events;

/// <summary>
/// Collects a CloudEvent from the headers of a Kafka record, whatever the client library: call
/// <see cref="Header"/> for each header, then <see cref="TryRead"/>. Extensions are passed over.
/// Source: CloudEvents 1.0, Kafka protocol binding, section 3.2.
/// </summary>
public struct EventRecordReader
{
    private string? _id;
    private string? _source;
    private string? _type;
    private string? _subject;
    private string? _contentType;
    private string? _traceParent;
    private DateTimeOffset? _time;
    private DateTimeOffset? _recordedTime;
    private bool _isVersion1;
    private string? _invalid;

    /// <summary>Takes one header; of several with one name the first counts.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value, UTF-8; empty for null.</param>
    public void Header(string name, ReadOnlySpan<byte> value)
    {
        switch (name)
        {
            case CloudEventHeaders.Id:
                Text(ref _id, name, value);
                break;
            case CloudEventHeaders.Source:
                Text(ref _source, name, value);
                break;
            case CloudEventHeaders.Type:
                Text(ref _type, name, value);
                break;
            case CloudEventHeaders.Subject:
                Text(ref _subject, name, value);
                break;
            case CloudEventHeaders.ContentType:
                Text(ref _contentType, name, value);
                break;
            case CloudEventHeaders.TraceParent:
                Text(ref _traceParent, name, value);
                break;
            case CloudEventHeaders.Time:
                Instant(ref _time, name, value);
                break;
            case CloudEventHeaders.RecordedTime:
                Instant(ref _recordedTime, name, value);
                break;
            case CloudEventHeaders.SpecVersion:
                _isVersion1 |= value.SequenceEqual("1.0"u8);
                break;
        }
    }

    /// <summary>Finishes the record.</summary>
    /// <param name="value">The record's value.</param>
    /// <param name="record">The event.</param>
    /// <param name="fault">What is wrong, <see cref="ErrorCatalogue.UnreadableRecord"/>; null when nothing is.</param>
    /// <returns>False when a required header is missing or one has no valid value.</returns>
    public readonly bool TryRead(byte[]? value, out EventRecord record, out EventFault? fault)
    {
        record = new EventRecord(
            _id ?? "",
            _source ?? "",
            _type ?? "",
            _subject,
            _time,
            _recordedTime,
            _contentType,
            _traceParent,
            value
        );
        var detail =
            _invalid is not null ? $"The header '{_invalid}' has no valid value."
            : string.IsNullOrEmpty(_id) ? Missing(CloudEventHeaders.Id)
            : string.IsNullOrEmpty(_source) ? Missing(CloudEventHeaders.Source)
            : string.IsNullOrEmpty(_type) ? Missing(CloudEventHeaders.Type)
            : !_isVersion1 ? $"The header '{CloudEventHeaders.SpecVersion}' is not '1.0'."
            : null;
        fault = detail is null ? null : new EventFault(ErrorCatalogue.UnreadableRecord, detail);
        return fault is null;
    }

    private static string Missing(string name) => $"The header '{name}' is missing.";

    private void Text(ref string? target, string name, ReadOnlySpan<byte> value)
    {
        if (!Utf8.IsValid(value))
            _invalid ??= name;
        else
            target ??= Encoding.UTF8.GetString(value);
    }

    private void Instant(ref DateTimeOffset? target, string name, ReadOnlySpan<byte> value)
    {
        if (!Rfc3339.TryParse(value, out var time))
            _invalid ??= name;
        else
            target ??= time;
    }
}
