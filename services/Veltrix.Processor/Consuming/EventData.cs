using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Veltrix.Events;

namespace Veltrix.Processor.Consuming;

/// <summary>Reads the JSON of an event.</summary>
internal static class EventData
{
    /// <summary>The data as <typeparamref name="T"/>.</summary>
    /// <exception cref="UnusableEventException">There is none, or it has another shape.</exception>
    public static T Read<T>(in EventRecord record, JsonTypeInfo<T> type)
        where T : class
    {
        if (record.Value is null)
            throw new UnusableEventException("The event has no data.");
        try
        {
            return JsonSerializer.Deserialize(record.Value, type)
                ?? throw new UnusableEventException("The data is null.");
        }
        catch (JsonException malformed)
        {
            throw new UnusableEventException(malformed.Message, malformed);
        }
    }

    /// <summary>The subject.</summary>
    /// <exception cref="UnusableEventException">There is none.</exception>
    public static string Subject(in EventRecord record) =>
        string.IsNullOrEmpty(record.Subject)
            ? throw new UnusableEventException("The event has no subject.")
            : record.Subject;
}
