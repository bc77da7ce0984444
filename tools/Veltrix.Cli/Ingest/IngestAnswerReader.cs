using System.Text.Json;

namespace Veltrix.Cli.Ingest;

/// <summary>Reads <c>{"results":[{"index":0,…,"status":"accepted","code":null,"detail":null}]}</c>, or a problem document.</summary>
internal static class IngestAnswerReader
{
    public static (EventOutcome[] Outcomes, bool HasResults) Read(int status, ReadOnlyMemory<byte> body, int events)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (
                root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("results", out var results)
                && results.ValueKind == JsonValueKind.Array
            )
                return (FromResults(results, events, OfStatus(status, default)), true);
            return (Repeat(OfStatus(status, root), events), false);
        }
        catch (JsonException)
        {
            // A proxy between us and ingest answers with what it likes: then the status alone counts.
            return (Repeat(OfStatus(status, default), events), false);
        }
    }

    private static EventOutcome[] FromResults(JsonElement results, int events, EventOutcome otherwise)
    {
        var outcomes = Repeat(otherwise, events);
        foreach (var result in results.EnumerateArray())
            if (
                result.ValueKind == JsonValueKind.Object
                && result.TryGetProperty("index", out var member)
                && member.ValueKind == JsonValueKind.Number
                && member.TryGetInt32(out var index)
                && index >= 0
                && index < events
            )
                outcomes[index] = new(StatusOf(result), Text(result, "code"), Text(result, "detail"));
        return outcomes;
    }

    private static OutcomeStatus StatusOf(JsonElement result) =>
        Text(result, "status") switch
        {
            "accepted" => OutcomeStatus.Accepted,
            "duplicate" => OutcomeStatus.Duplicate,
            "quarantined" => OutcomeStatus.Quarantined,
            "throttled" => OutcomeStatus.Throttled,
            "unavailable" => OutcomeStatus.Unavailable,
            _ => OutcomeStatus.Rejected,
        };

    private static EventOutcome OfStatus(int status, JsonElement problem) =>
        status switch
        {
            >= 200 and < 300 => new(OutcomeStatus.Accepted),
            429 => new(OutcomeStatus.Throttled, Text(problem, "code"), Text(problem, "detail")),
            408 or >= 500 => new(OutcomeStatus.Unavailable, Text(problem, "code"), Text(problem, "detail")),
            _ => new(
                OutcomeStatus.Rejected,
                Text(problem, "code") ?? $"HTTP {status}",
                Text(problem, "detail") ?? Text(problem, "title")
            ),
        };

    private static EventOutcome[] Repeat(EventOutcome outcome, int events)
    {
        var outcomes = new EventOutcome[events];
        Array.Fill(outcomes, outcome);
        return outcomes;
    }

    private static string? Text(JsonElement element, string member) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(member, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
