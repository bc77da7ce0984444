using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Veltrix.Ingest.Tests;

internal static class HttpExtensions
{
    public const string Structured = "application/cloudevents+json";
    public const string Batch = "application/cloudevents-batch+json";

    public static Task<HttpResponseMessage> PostAsync(
        this IngestHost host,
        string body,
        string contentType = Structured
    ) => host.PostAsync(Encoding.UTF8.GetBytes(body), contentType);

    public static async Task<HttpResponseMessage> PostAsync(this IngestHost host, byte[] body, string contentType)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return await host.Client.PostAsync("/events", content, TestContext.Current.CancellationToken);
    }

    public static Task<string> TextAsync(this HttpResponseMessage answer) =>
        answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.TextAsync()).RootElement;

    public static MediaTypeHeaderValue MediaType(this HttpResponseMessage answer) =>
        answer.Content.Headers.ContentType.ShouldNotBeNull();
}
