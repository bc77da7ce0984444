using System.Text.Json;
using Veltrix.Testing;

namespace Veltrix.EndToEnd.Tests;

/// <summary>Webhook payloads: the recorded ones of the shared material where it is present, else a small sample of our own.</summary>
internal static class Webhooks
{
    public static IReadOnlyList<Webhook> Read()
    {
        var recorded = SharedMaterial.TryFind("data/github-webhooks.ndjson");
        var file = recorded ?? Path.Combine(AppContext.BaseDirectory, "Samples", "webhooks.ndjson");
        return [.. File.ReadLines(file).Where(line => line.Length > 0).Select(Parse)];
    }

    // {"event":"issues","action":"opened","payload":{…,"repository":{"full_name":"octo/hello"}}}
    private static Webhook Parse(string line)
    {
        var root = JsonDocument.Parse(line).RootElement;
        var action = root.GetProperty("action").GetString();
        var payload = root.GetProperty("payload");
        var type = $"com.github.{root.GetProperty("event").GetString()}{(action is null ? "" : $".{action}")}";
        return new Webhook(type, Subject(payload), payload);
    }

    private static string Subject(JsonElement payload) =>
        Text(payload, "repository", "full_name")
        ?? Text(payload, "organization", "login")
        ?? Text(payload, "sender", "login")
        ?? "none";

    private static string? Text(JsonElement payload, string member, string name) =>
        payload.ValueKind == JsonValueKind.Object
        && payload.TryGetProperty(member, out var value)
        && value.ValueKind == JsonValueKind.Object
        && value.TryGetProperty(name, out var text)
            ? text.GetString()
            : null;
}

internal sealed record Webhook(string Type, string Subject, JsonElement Payload);
