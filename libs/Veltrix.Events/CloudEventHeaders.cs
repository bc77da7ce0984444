namespace Veltrix.Events;

/// <summary>
/// Header names of a Kafka record that carries a CloudEvent in binary mode.
/// Source: CloudEvents 1.0, Kafka protocol binding, section 3.2.
/// </summary>
public static class CloudEventHeaders
{
    /// <summary>Prefix of every attribute but <c>datacontenttype</c>.</summary>
    public const string Prefix = "ce_";

    /// <summary>The attribute <c>datacontenttype</c>.</summary>
    public const string ContentType = "content-type";

    /// <summary>The attribute <c>id</c>.</summary>
    public const string Id = "ce_id";

    /// <summary>The attribute <c>source</c>.</summary>
    public const string Source = "ce_source";

    /// <summary>The attribute <c>type</c>.</summary>
    public const string Type = "ce_type";

    /// <summary>The attribute <c>specversion</c>, always <c>1.0</c>.</summary>
    public const string SpecVersion = "ce_specversion";

    /// <summary>The attribute <c>subject</c>.</summary>
    public const string Subject = "ce_subject";

    /// <summary>The attribute <c>time</c>, RFC 3339.</summary>
    public const string Time = "ce_time";

    /// <summary>When ingest took the event, RFC 3339. Source: CloudEvents extension "recordedtime".</summary>
    public const string RecordedTime = "ce_recordedtime";

    /// <summary>W3C trace context of the request that brought the event; no prefix, as OpenTelemetry clients expect it.</summary>
    public const string TraceParent = "traceparent";
}
