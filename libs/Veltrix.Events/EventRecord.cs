namespace Veltrix.Events;

/// <summary>A CloudEvent as a Kafka record carries it in binary mode; read by <see cref="EventRecordReader"/>.</summary>
/// <param name="Id">Identifies the event within its source.</param>
/// <param name="Source">Who made the event.</param>
/// <param name="Type">What happened.</param>
/// <param name="Subject">What it happened to; null when absent.</param>
/// <param name="Time">When it happened, UTC; null when absent.</param>
/// <param name="RecordedTime">When ingest took it, UTC; null when the record did not come through ingest.</param>
/// <param name="ContentType">Media type of <paramref name="Value"/>; null when absent.</param>
/// <param name="TraceParent">W3C trace context of the request that brought it; null when absent.</param>
/// <param name="Value">The data; null for an event without data.</param>
public readonly record struct EventRecord(
    string Id,
    string Source,
    string Type,
    string? Subject,
    DateTimeOffset? Time,
    DateTimeOffset? RecordedTime,
    string? ContentType,
    string? TraceParent,
    byte[]? Value
);
