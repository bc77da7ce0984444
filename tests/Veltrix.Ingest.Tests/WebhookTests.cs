using System.Net;
using System.Text;
using System.Text.Json;
using Veltrix.Configuration;
using Veltrix.Testing;

namespace Veltrix.Ingest.Tests;

/// <summary>Real webhooks of GitHub: variable, nested, with nulls and unicode, written by nobody here.</summary>
public sealed class WebhookTests
{
    private const int BatchEvents = 20;

    [Fact]
    public async Task Post_RecordedWebhooks_AreStoredByteForByte()
    {
        var lines = await File.ReadAllLinesAsync(
            SharedMaterial.Find("data/github-webhooks.ndjson"),
            TestContext.Current.CancellationToken
        );
        var configuration = TestKafka.Configuration(ingest: new IngestConfiguration(MaximumBodyBytes: 8 * 1024 * 1024));
        await using var host = await IngestHost.StartAsync(configuration);
        var webhooks = lines.Select(Webhook.Parse).ToList();

        foreach (var chunk in webhooks.Chunk(BatchEvents))
        {
            var body = $"[{string.Join(',', chunk.Select(webhook => webhook.Event))}]";
            (await host.PostAsync(body, HttpExtensions.Batch)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        }

        var records = await TestKafka.ReadAllAsync(configuration.GitHubTopic());
        var byId = records.ToDictionary(record => record.Header("ce_id"));
        byId.Count.ShouldBe(webhooks.Count);
        foreach (var webhook in webhooks)
        {
            var record = byId[webhook.Id];
            record.Header("ce_type").ShouldBe(webhook.Type);
            Encoding.UTF8.GetString(record.Message.Key).ShouldBe(webhook.Subject);
            Encoding.UTF8.GetString(record.Message.Value.ShouldNotBeNull()).ShouldBe(webhook.Payload);
        }
    }

    private sealed record Webhook(string Id, string Type, string Subject, string Payload)
    {
        public string Event =>
            $$"""{"specversion":"1.0","id":"{{Id}}","source":"https://github.com","type":"{{Type}}","subject":"{{Subject}}","data":{{Payload}}}""";

        public static Webhook Parse(string line, int number)
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            var action = root.GetProperty("action").GetString() is { } name ? $".{name}" : "";
            var payload = root.GetProperty("payload");
            return new Webhook(
                $"{number}",
                $"com.github.{root.GetProperty("event").GetString()}{action}",
                Member(payload, "repository", "full_name")
                    ?? Member(payload, "organization", "login")
                    ?? Member(payload, "sender", "login")
                    ?? "unknown",
                payload.GetRawText()
            );
        }

        private static string? Member(JsonElement payload, string outer, string inner) =>
            payload.TryGetProperty(outer, out var element)
            && element.ValueKind == JsonValueKind.Object
            && element.TryGetProperty(inner, out var text)
                ? text.GetString()
                : null;
    }
}
