using System.Text.Json;
using Veltrix.Events;

namespace Veltrix.Ingest;

/// <summary>The answer that names every event of a request and what became of it.</summary>
internal static class EventResults
{
    public const string Accepted = "accepted";

    // Worst first. 503 and 429 heal by waiting, so they come before what the client has to mend.
    private static readonly int[] Severity = [503, 429, 413, 400, 415, 422];

    /// <summary>Name of an outcome, as clients and metrics see it.</summary>
    public static string StatusOf(EventFault? fault) =>
        fault is not { } refused ? Accepted
        : refused.Error == ErrorCatalogue.Overloaded ? "throttled"
        : refused.Error == ErrorCatalogue.BrokerUnavailable ? "unavailable"
        : "rejected";

    /// <summary>HTTP status of the request: 202 when all events were accepted, else that of the worst outcome.</summary>
    public static int WorstStatus(ReadOnlySpan<EventFault?> faults)
    {
        var worst = Severity.Length;
        foreach (var fault in faults)
            if (fault is { } refused)
                worst = Math.Min(worst, Array.IndexOf(Severity, refused.Error.Status));
        return worst == Severity.Length ? StatusCodes.Status202Accepted : Severity[worst];
    }

    /// <summary>Writes <c>{"results":[{"index","id","source","status","code","detail"}, ...]}</c> in request order.</summary>
    public static void Write(HttpResponse response, CloudEventReader reader, ReadOnlySpan<EventFault?> faults)
    {
        response.ContentType = "application/json";
        using var json = new Utf8JsonWriter(response.BodyWriter);
        json.WriteStartObject();
        json.WriteStartArray("results"u8);
        for (var index = 0; index < faults.Length; index++)
        {
            var item = reader[index];
            var fault = faults[index];
            json.WriteStartObject();
            json.WriteNumber("index"u8, index);
            WriteText(json, "id"u8, item.Id);
            WriteText(json, "source"u8, item.Source);
            json.WriteString("status"u8, StatusOf(fault));
            json.WriteString("code"u8, fault?.Error.Code);
            json.WriteString("detail"u8, fault?.Detail);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>An absent attribute is null; a valid one is never empty.</summary>
    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
            json.WriteNull(name);
        else
            json.WriteString(name, value);
    }
}
