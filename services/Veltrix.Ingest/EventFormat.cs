using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Veltrix.Ingest;

/// <summary>How a request carries its events.</summary>
internal enum EventFormat
{
    /// <summary>In no way that ingest understands.</summary>
    Unsupported,

    /// <summary>One event, structured mode.</summary>
    Structured,

    /// <summary>An array of events, batched mode.</summary>
    Batch,
}

/// <summary>Reads the format from the request's headers. Source: CloudEvents HTTP binding, section 3.</summary>
internal static class EventFormats
{
    /// <summary>What a 415 names as accepted.</summary>
    public const string Accepted = $"{Structured}, {Batch}";

    private const string Structured = "application/cloudevents+json";
    private const string Batch = "application/cloudevents-batch+json";

    public static EventFormat Of(HttpRequest request)
    {
        if (
            !MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !IsUtf8(type.Charset)
            || !StringValues.IsNullOrEmpty(request.Headers.ContentEncoding)
        )
            return EventFormat.Unsupported;
        if (type.MediaType.Equals(Batch, StringComparison.OrdinalIgnoreCase))
            return EventFormat.Batch;
        return type.MediaType.Equals(Structured, StringComparison.OrdinalIgnoreCase)
            ? EventFormat.Structured
            : EventFormat.Unsupported;
    }

    private static bool IsUtf8(StringSegment charset)
    {
        var name = HeaderUtilities.RemoveQuotes(charset);
        return StringSegment.IsNullOrEmpty(name) || name.Equals("utf-8", StringComparison.OrdinalIgnoreCase);
    }
}
