using Confluent.Kafka;
using Veltrix.Events;

namespace Veltrix.Processor.Consuming;

/// <summary>Reads the CloudEvent out of a polled record.</summary>
internal static class RecordReading
{
    /// <summary>False when the record is no CloudEvent in binary mode, or one that PostgreSQL cannot keep.</summary>
    public static bool TryRead(ConsumeResult<byte[], byte[]> result, out EventRecord record, out EventFault fault)
    {
        var reader = new EventRecordReader();
        foreach (var header in result.Message.Headers)
            reader.Header(header.Key, header.GetValueBytes());
        if (!reader.TryRead(result.Message.Value, out record, out var unreadable))
        {
            fault = unreadable!.Value;
            return false;
        }
        // Valid UTF-8, but text in PostgreSQL has no NUL.
        if (HasNul(record.Id) || HasNul(record.Source) || HasNul(record.Type) || HasNul(record.Subject))
        {
            fault = new EventFault(ErrorCatalogue.UnreadableRecord, "An attribute holds the character U+0000.");
            return false;
        }
        fault = default;
        return true;
    }

    private static bool HasNul(string? text) => text is not null && text.Contains('\0');
}
