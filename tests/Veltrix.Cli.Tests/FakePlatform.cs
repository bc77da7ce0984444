using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Veltrix.Configuration;
using Veltrix.Testing;

namespace Veltrix.Cli.Tests;

/// <summary>
/// Ingest and processor on one real Kestrel, and the files of a running AppHost. A test says what goes wrong by
/// <see cref="OnEvent"/> and <see cref="OnRequest"/>; without them every event is accepted and has one effect.
/// </summary>
internal sealed class FakePlatform : IAsyncDisposable
{
    public const string IngestKey = "the-ingest-key";
    public const string OperatorKey = "the-operator-key";

    private readonly TemporaryDirectory _directory = new();
    private readonly WebApplication _app;
    private int _requests;

    private FakePlatform(WebApplication app) => _app = app;

    /// <summary>Directory that holds <c>.veltrix</c>.</summary>
    public string Directory => _directory.Path;

    public string Address => _app.Urls.Single();

    /// <summary>Called with the number of the request, from 1; a result other than null is the answer to the whole request.</summary>
    public Func<int, FakeAnswer?> OnRequest { get; set; } = _ => null;

    /// <summary>What becomes of an event when ingest sees it.</summary>
    public Func<JsonElement, FakeFate> OnEvent { get; set; } = _ => FakeFate.Accepted;

    /// <summary>Effects by (source, id).</summary>
    public ConcurrentDictionary<(string Source, string Id), int> Effects { get; } = new();

    /// <summary>State of each hunt, by the type of its last event.</summary>
    public ConcurrentDictionary<string, string> Hunts { get; } = new();

    /// <summary>What config says of the nodes.</summary>
    public IReadOnlyList<FleetNode> Fleet { get; set; } = [];

    /// <summary>What config has in its history of every node.</summary>
    public IReadOnlyList<NodeMinute> Minutes { get; set; } = [];

    /// <summary>Every event seen, in order, repeated ones too.</summary>
    public ConcurrentQueue<JsonElement> Seen { get; } = new();

    public ConcurrentQueue<string?> ContentTypes { get; } = new();

    public ConcurrentQueue<string?> Keys { get; } = new();

    public static async Task<FakePlatform> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var platform = new FakePlatform(builder.Build());
        platform._app.MapPost("/events", (Delegate)platform.IngestAsync);
        platform._app.MapGet("/accounting", platform.Accounting);
        platform._app.MapGet("/accounting/events", platform.Events);
        platform._app.MapGet("/workflows/hunts/{id}", platform.Hunt);
        platform._app.MapGet("/fleet", platform.AnswerFleet);
        platform._app.MapGet("/fleet/{node}", platform.AnswerNode);
        platform._app.MapGet("/fleet/{node}/history", platform.AnswerHistory);
        await platform._app.StartAsync(TestContext.Current.CancellationToken);
        platform.WriteFiles();
        return platform;
    }

    /// <summary>Runs the command line in the platform's directory.</summary>
    public Task<CliRun> RunAsync(params string[] arguments) => CliRun.ExecuteAsync(Directory, arguments);

    public Task<CliRun> RunWithInputAsync(string input, params string[] arguments) =>
        CliRun.ExecuteAsync(Directory, arguments, input);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _directory.Dispose();
    }

    private void WriteFiles()
    {
        var secrets = System.IO.Directory.CreateDirectory(Path.Combine(Directory, ".veltrix", "secrets")).FullName;
        File.WriteAllText(Path.Combine(secrets, "ingest-key"), IngestKey + "\n");
        File.WriteAllText(Path.Combine(secrets, "operator-key"), OperatorKey);
        File.WriteAllText(
            Path.Combine(Directory, ".veltrix", "resources.json"),
            $$"""
            {"appHost":{"processId":1,"secretsDirectory":{{JsonSerializer.Serialize(secrets)}}},"resources":[
            {"name":"ingest","kind":"project","state":"Running","health":"Healthy","urls":["{{Address}}"],"replicas":[]},
            {"name":"processor","kind":"project","urls":["{{Address}}"]},
            {"name":"config","kind":"project","urls":["{{Address}}"]},
            {"name":"postgres","kind":"server","urls":[],"connectionString":"Host=x"}]}
            """
        );
    }

    private IResult AnswerFleet(HttpContext context)
    {
        Keys.Enqueue(context.Request.Headers.Authorization);
        return Results.Text(
            JsonSerializer.Serialize(Fleet, ConfigurationJson.Default.IReadOnlyListFleetNode),
            "application/json"
        );
    }

    private IResult AnswerNode(string node) =>
        Fleet.FirstOrDefault(known => known.Node == node) is { } known
            ? Results.Text(JsonSerializer.Serialize(known, ConfigurationJson.Default.FleetNode), "application/json")
            : Results.Problem(
                statusCode: 404,
                title: "The node is not known",
                extensions: new Dictionary<string, object?> { ["code"] = "VX-2040" }
            );

    private IResult AnswerHistory() =>
        Results.Text(
            JsonSerializer.Serialize(Minutes, ConfigurationJson.Default.IReadOnlyListNodeMinute),
            "application/json"
        );

    private async Task<IResult> IngestAsync(HttpContext context)
    {
        ContentTypes.Enqueue(context.Request.ContentType);
        Keys.Enqueue(context.Request.Headers.Authorization);
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        if (OnRequest(Interlocked.Increment(ref _requests)) is { } answer)
        {
            if (answer.Status == 0)
            {
                if (answer.Handles)
                    foreach (var lost in EventsOf(body.RootElement))
                        Apply(lost);
                context.Abort();
                return Results.Empty;
            }
            if (answer.RetryAfterSeconds is { } seconds)
                context.Response.Headers.RetryAfter = $"{seconds}";
            return Results.Problem(
                "As the test wants it.",
                statusCode: answer.Status,
                extensions: new Dictionary<string, object?> { ["code"] = answer.Code }
            );
        }
        var results = EventsOf(body.RootElement)
            .Select((element, index) => new { index, fate = Decide(element) })
            .Select(entry => new
            {
                entry.index,
                status = entry.fate.Status,
                code = entry.fate.Code,
                detail = entry.fate.Detail,
            })
            .ToList();
        var status =
            results.Exists(result => result.status is "unavailable") ? 503
            : results.Exists(result => result.status is "rejected") ? 422
            : 202;
        return Results.Json(new { results }, statusCode: status);
    }

    private static IEnumerable<JsonElement> EventsOf(JsonElement body) =>
        body.ValueKind == JsonValueKind.Array ? body.EnumerateArray() : [body];

    private FakeFate Decide(JsonElement element)
    {
        Seen.Enqueue(element.Clone());
        var fate = OnEvent(element);
        for (var effect = 0; effect < fate.Effects; effect++)
            Apply(element);
        return fate;
    }

    private void Apply(JsonElement element)
    {
        var key = (element.GetProperty("source").GetString()!, element.GetProperty("id").GetString()!);
        Effects.AddOrUpdate(key, 1, (_, count) => count + 1);
        if (element.GetProperty("type").GetString() == "com.veltrix.treasure.claimed")
            Hunts[element.GetProperty("subject").GetString()!] = "Completed";
    }

    private IResult Accounting(HttpContext context, string source) =>
        context.Request.Headers.Authorization == $"Bearer {OperatorKey}"
            ? Results.Json(
                new
                {
                    handled = Effects.Count(effect => effect.Key.Source == source),
                    effects = Effects.Where(effect => effect.Key.Source == source).Sum(effect => effect.Value),
                }
            )
            : Results.StatusCode(401);

    private IResult Events(string source)
    {
        var now = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        return Results.Text(
            string.Concat(
                Effects
                    .Where(effect => effect.Key.Source == source)
                    .Select(effect => $$"""{"id":"{{effect.Key.Id}}","committedAt":{{now}}}""" + "\n")
            )
        );
    }

    private IResult Hunt(string id) =>
        Hunts.TryGetValue(id, out var state) ? Results.Json(new { huntId = id, state }) : Results.NotFound();
}

/// <summary>An answer to a whole request; status 0 ends the connection without one.</summary>
internal sealed record FakeAnswer(int Status, string? Code = null, int? RetryAfterSeconds = null, bool Handles = false);

/// <summary>What becomes of one event.</summary>
internal sealed record FakeFate(string Status, int Effects, string? Code = null, string? Detail = null)
{
    public static readonly FakeFate Accepted = new("accepted", 1);
}
