using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Veltrix.Testing;

namespace Veltrix.EndToEnd.Tests;

/// <summary>The whole platform, run by the same AppHost as a user's, on free ports and in a directory of its own.</summary>
public sealed class Platform : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);
    private static readonly string[] Services = ["config", "ingest", "processor", "admin"];
    private readonly DistributedApplication _application;

    private Platform(DistributedApplication application, string dataDirectory)
    {
        _application = application;
        DataDirectory = dataDirectory;
        Ingest = Client("ingest", "ingest-key");
        Config = Client("config", "operator-key");
        Processor = Client("processor", "operator-key");
    }

    /// <summary>Where the platform keeps its data; outlives it when the caller made it.</summary>
    public string DataDirectory { get; }

    public HttpClient Ingest { get; }
    public HttpClient Config { get; }
    public HttpClient Processor { get; }

    /// <summary>Starts everything and returns when every service is healthy.</summary>
    /// <param name="dataDirectory">Kept between two platforms that are given the same one.</param>
    /// <param name="settings">Further configuration of the AppHost, as <c>Key=Value</c>.</param>
    public static async Task<Platform> StartAsync(string dataDirectory, params string[] settings)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(StartLimit);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Veltrix_AppHost>(
            [$"--StandIns:DataDirectory={dataDirectory}", .. settings.Select(setting => $"--{setting}")],
            limit.Token
        );
        var application = await builder.BuildAsync(limit.Token);
        try
        {
            await application.StartAsync(limit.Token);
            foreach (var service in Services)
                await application.ResourceNotifications.WaitForResourceHealthyAsync(service, limit.Token);
            return new Platform(application, dataDirectory);
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }
    }

    public Uri Address(string resource) => _application.GetEndpoint(resource, "http");

    public async Task<string> ConnectionStringAsync(string resource) =>
        await _application.GetConnectionStringAsync(resource)
        ?? throw new InvalidOperationException($"{resource} has no connection string.");

    public string Key(string name) => File.ReadAllText(Path.Combine(DataDirectory, "secrets", name)).Trim();

    /// <summary>The running processes of a resource, from resources.json.</summary>
    public IReadOnlyList<Replica> Replicas(string resource)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(DataDirectory, "resources.json")));
        return
        [
            .. document
                .RootElement.GetProperty("resources")
                .EnumerateArray()
                .Single(entry => entry.GetProperty("name").GetString() == resource)
                .GetProperty("replicas")
                .EnumerateArray()
                .Select(entry => new Replica(
                    entry.GetProperty("name").GetString()!,
                    entry.GetProperty("processId").ValueKind == JsonValueKind.Number
                        ? entry.GetProperty("processId").GetInt32()
                        : null,
                    entry.GetProperty("health").GetString(),
                    entry.GetProperty("url").GetString()
                )),
        ];
    }

    /// <summary>Sends events as batches and asserts that all were accepted.</summary>
    public async Task AcceptAsync(IEnumerable<object> events, int batchSize = 100)
    {
        foreach (var batch in events.Chunk(batchSize))
        {
            using var response = await SendAsync(batch);
            var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            ((int)response.StatusCode).ShouldBe(202, body);
        }
    }

    public async Task<HttpResponseMessage> SendAsync(IReadOnlyCollection<object> events) =>
        await PostAsync(JsonSerializer.Serialize(events), "application/cloudevents-batch+json");

    public async Task<HttpResponseMessage> PostAsync(string body, string contentType)
    {
        using var content = new StringContent(body, Encoding.UTF8);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        return await Ingest.PostAsync("/events", content, TestContext.Current.CancellationToken);
    }

    public async Task<Accounting> AccountingAsync(string source, string subjectPrefix) =>
        (
            await Processor.GetFromJsonAsync<Accounting>(
                $"/accounting?source={Uri.EscapeDataString(source)}&subjectPrefix={Uri.EscapeDataString(subjectPrefix)}",
                TestContext.Current.CancellationToken
            )
        )!;

    /// <summary>Waits until exactly <paramref name="count"/> events of the source have had their effect.</summary>
    public async Task<Accounting> HandledAsync(string source, string subjectPrefix, long count) =>
        await Eventually.AnswersAsync(
            () => AccountingAsync(source, subjectPrefix),
            accounting => accounting.Handled >= count,
            TimeSpan.FromMinutes(2)
        );

    public async ValueTask DisposeAsync()
    {
        Ingest.Dispose();
        Config.Dispose();
        Processor.Dispose();
        await _application.DisposeAsync();
    }

    private HttpClient Client(string resource, string key)
    {
        var client = new HttpClient { BaseAddress = Address(resource), Timeout = TimeSpan.FromSeconds(60) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key(key));
        return client;
    }
}

/// <summary>One process of a resource.</summary>
public sealed record Replica(string Name, int? ProcessId, string? Health, string? Url);

/// <summary>What the processor says of a source.</summary>
public sealed record Accounting(long Handled, long Effects);
