using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Veltrix.Events;
using Veltrix.Ingest.Routing;

namespace Veltrix.Ingest.Kafka;

/// <summary>
/// Makes Kafka records of the events of one request, binary mode. Headers that events have in common are made once.
/// </summary>
internal sealed class RecordBuilder
{
    private const int KeptNames = 1_000;

    private static readonly Header SpecVersion = new(CloudEventHeaders.SpecVersion, "1.0"u8.ToArray());
    private static readonly Header JsonContentType = new(CloudEventHeaders.ContentType, "application/json"u8.ToArray());

    // Extension names come from clients: the cache has a bound, beyond it each name costs a string.
    private static readonly ConcurrentDictionary<byte[], string> Names = new(Utf8Comparer.Instance);

    private readonly Header _recordedTime;
    private readonly Header? _traceParent;
    private Header? _source;
    private Header? _type;

    public RecordBuilder(DateTimeOffset recordedTime)
    {
        var text = new byte[Rfc3339.FormattedBytes];
        Rfc3339.Format(recordedTime, text);
        _recordedTime = new Header(CloudEventHeaders.RecordedTime, text);
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } id })
            _traceParent = new Header(CloudEventHeaders.TraceParent, Encoding.ASCII.GetBytes(id));
    }

    /// <summary>The record of a valid event.</summary>
    /// <param name="item">The event.</param>
    /// <param name="route">Where it goes.</param>
    /// <param name="bytes">Size of key, headers and value.</param>
    public Message<byte[], byte[]?> Build(CloudEvent item, EventRoute route, out int bytes)
    {
        var headers = new Headers { SpecVersion };
        foreach (var attribute in item)
            if (HeaderOf(attribute, route) is { } header)
                headers.Add(header);
        headers.Add(_recordedTime);
        if (_traceParent is not null)
            headers.Add(_traceParent);
        if (ContentType(item.DataContentType) is { } contentType)
            headers.Add(contentType);

        var key = route.KeyOf(item).ToArray();
        var value = item.HasData ? item.Data.ToArray() : null;
        bytes = key.Length + (value?.Length ?? 0);
        for (var index = 0; index < headers.Count; index++)
            bytes += headers[index].Key.Length + headers[index].GetValueBytes().Length;
        return new Message<byte[], byte[]?>
        {
            Key = key,
            Value = value,
            Headers = headers,
        };
    }

    private Header? HeaderOf(CloudEvent.Attribute attribute, EventRoute route)
    {
        var name = attribute.Name;
        if (name.SequenceEqual("id"u8))
            return new Header(CloudEventHeaders.Id, attribute.Value.ToArray());
        if (name.SequenceEqual("source"u8))
            return _source = Same(_source, CloudEventHeaders.Source, attribute.Value);
        if (name.SequenceEqual("type"u8))
            return route.TypeHeader ?? (_type = Same(_type, CloudEventHeaders.Type, attribute.Value));
        if (name.SequenceEqual("subject"u8))
            return new Header(CloudEventHeaders.Subject, attribute.Value.ToArray());
        if (name.SequenceEqual("time"u8))
            return new Header(CloudEventHeaders.Time, attribute.Value.ToArray());
        // These three have headers of their own; a recordedtime of an earlier hop gives way to ours.
        if (
            name.SequenceEqual("specversion"u8)
            || name.SequenceEqual("datacontenttype"u8)
            || name.SequenceEqual("recordedtime"u8)
        )
            return null;
        return new Header(NameOf(name), attribute.Value.ToArray());
    }

    /// <summary>The events of one request mostly share source and type.</summary>
    private static Header Same(Header? last, string name, ReadOnlySpan<byte> value) =>
        last is not null && value.SequenceEqual(last.GetValueBytes()) ? last : new Header(name, value.ToArray());

    private static Header? ContentType(ReadOnlySpan<byte> mediaType) =>
        mediaType.IsEmpty ? null
        : mediaType.SequenceEqual("application/json"u8) ? JsonContentType
        : new Header(CloudEventHeaders.ContentType, mediaType.ToArray());

    private static string NameOf(ReadOnlySpan<byte> attribute)
    {
        if (Names.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(attribute, out var known))
            return known;
        var name = CloudEventHeaders.Prefix + Encoding.ASCII.GetString(attribute);
        if (Names.Count < KeptNames)
            Names.TryAdd(attribute.ToArray(), name);
        return name;
    }
}
