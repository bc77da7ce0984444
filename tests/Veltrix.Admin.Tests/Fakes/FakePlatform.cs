using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Veltrix.Configuration;

namespace Veltrix.Admin.Tests.Fakes;

/// <summary>The read and publish side of config and processor as their contracts say, with data that a test decides. Real HTTP.</summary>
internal sealed class FakePlatform : IAsyncDisposable
{
    public const string OperatorKey = "operator-key-of-the-tests";

    /// <summary>Further operators, whose keys are <see cref="KeyOf"/>.</summary>
    public static readonly IReadOnlyList<string> Operators = ["ada", "grace"];

    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly Lock _gate = new();
    private readonly List<ConfigurationVersion> _versions = [];
    private readonly WebApplication _application;
    private volatile bool _isAway;

    private FakePlatform(WebApplication application)
    {
        _application = application;
        Steering = new FakeSteering(this);
    }

    public string Address { get; private set; } = "";

    /// <summary>Proposals, rollouts, policy.</summary>
    public FakeSteering Steering { get; }

    /// <summary>What <c>GET /nodes</c> answers at this moment.</summary>
    public Func<IReadOnlyList<NodeReport>> Nodes { get; set; } = () => [];

    /// <summary>What <c>GET /fleet</c> answers at this moment.</summary>
    public Func<IReadOnlyList<FleetNode>> Fleet { get; set; } = () => [];

    /// <summary>What <c>GET /fleet/{node}/reports</c> answers at this moment, newest first.</summary>
    public Func<string, IReadOnlyList<ReceivedReport>> Reports { get; set; } = _ => [];

    /// <summary>What <c>GET /fleet/{node}/history</c> answers at this moment, newest first.</summary>
    public Func<string, IReadOnlyList<NodeMinute>> Minutes { get; set; } = _ => [];

    public IReadOnlyList<object> Leaderboard { get; set; } = [];

    /// <summary>Newest first.</summary>
    public IReadOnlyList<FakeHunt> Hunts { get; set; } = [];

    /// <summary>Every request is answered 503 with a code of its own.</summary>
    public bool IsAway
    {
        get => _isAway;
        set => _isAway = value;
    }

    /// <summary>Requests for the nodes so far.</summary>
    public int NodeRequests { get; private set; }

    public ConfigurationVersion Current
    {
        get
        {
            lock (_gate)
                return _versions[^1];
        }
    }

    public static async Task<FakePlatform> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        var platform = new FakePlatform(builder.Build());
        platform.Map();
        platform.Publish(PlatformConfiguration.Default, "Safe defaults", "veltrix");
        await platform._application.StartAsync();
        platform.Address = platform
            ._application.Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.Single();
        return platform;
    }

    public ConfigurationVersion Version(int number)
    {
        lock (_gate)
            return _versions[number - 1];
    }

    public ConfigurationVersion Publish(PlatformConfiguration configuration, string reason, string author = "operator")
    {
        lock (_gate)
        {
            var number = _versions.Count + 1;
            var version = new ConfigurationVersion(
                number,
                number == 1 ? null : number - 1,
                HashOf(number),
                author,
                reason,
                DateTimeOffset.UtcNow,
                configuration
            );
            _versions.Add(version);
            return version;
        }
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    public static string KeyOf(string name) => $"key-of-{name}";

    /// <summary>Name of the key that came with a request; null for an unknown one.</summary>
    internal static string? CallerOf(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var header && header == $"Bearer {OperatorKey}"
            ? "operator"
            : Operators.FirstOrDefault(name => header == $"Bearer {KeyOf(name)}");

    public static string HashOf(int number) => number.ToString("x64", CultureInfo.InvariantCulture);

    private void Map()
    {
        _application.Use(
            (context, next) =>
                (CallerOf(context.Request) is not null, IsAway) switch
                {
                    (false, _) => Refuse(401, "VX-9001", "A key is required").ExecuteAsync(context),
                    (_, true) => Refuse(503, "VX-2005", "The store is unavailable").ExecuteAsync(context),
                    _ => next(context),
                }
        );
        _application.MapGet("/configuration", () => Results.Json(Current, Json));
        _application.MapGet("/configuration/versions", History);
        _application.MapGet("/configuration/versions/{number:int}", One);
        _application.MapPost("/configuration/versions", Take);
        Steering.Map(_application);
        _application.MapGet("/nodes", CountedNodes);
        _application.MapGet("/fleet", () => Results.Json(Fleet(), Json));
        _application.MapGet("/fleet/{node}/reports", (string node) => Results.Json(Reports(node), Json));
        _application.MapGet("/fleet/{node}/history", (string node) => Results.Json(Minutes(node), Json));
        _application.MapGet("/leaderboard", () => Leaderboard);
        _application.MapGet("/workflows/summary", () => Hunts.CountBy(hunt => hunt.State).ToDictionary());
        _application.MapGet("/workflows/hunts", Page);
        _application.MapGet(
            "/workflows/hunts/{id}",
            (string id) =>
                Hunts.FirstOrDefault(hunt => hunt.HuntId == id) is { } hunt ? Results.Json(hunt, Json) : Unknown()
        );
    }

    private IReadOnlyList<NodeReport> CountedNodes()
    {
        NodeRequests++;
        return Nodes();
    }

    private IResult History(int? before, int limit)
    {
        lock (_gate)
            return Results.Json(
                _versions
                    .AsEnumerable()
                    .Reverse()
                    .Where(version => before is null || version.Number < before)
                    .Take(limit),
                Json
            );
    }

    private IResult One(int number)
    {
        lock (_gate)
            return number <= _versions.Count ? Results.Json(_versions[number - 1], Json) : Unknown();
    }

    private IResult Take(JsonElement body, HttpRequest request)
    {
        if (request.Headers.IfMatch.ToString() is { Length: > 0 } tag && tag != $"\"{Current.Number}\"")
            return Refuse(412, "VX-2002", "The configuration has moved on");
        var document = body.GetProperty("configuration");
        var workers = document.GetProperty("processor").GetProperty("workers");
        if (workers.GetInt32() > 64)
            return Refuse(
                422,
                "VX-2001",
                "The configuration is not valid",
                new
                {
                    path = "$.processor.workers",
                    message = "is out of range",
                    allowed = "1 to 64",
                },
                new
                {
                    path = "$.eventTypes[0].topic",
                    message = "names no topic of the clusters",
                    allowed = (string?)null,
                }
            );
        return Results.Json(
            Publish(
                document.Deserialize(ConfigurationJson.Default.PlatformConfiguration)!,
                body.GetProperty("reason").GetString()!
            ),
            Json,
            statusCode: 201
        );
    }

    private IResult Page(string? state, string? before, int limit) =>
        Results.Json(
            Hunts
                .Where(hunt => state is null || hunt.State == state)
                .SkipWhile(hunt => before is not null && hunt.HuntId != before)
                .Skip(before is null ? 0 : 1)
                .Take(limit),
            Json
        );

    internal static IResult Unknown() => Refuse(404, "VX-9003", "Not found");

    internal static IResult Refuse(int status, string code, string title, params object[] errors) =>
        Results.Json(
            new
            {
                status,
                title,
                code,
                detail = $"The fake says {status}.",
                fix = "Look at the test.",
                errors = errors.Length == 0 ? null : errors,
            },
            Json,
            "application/problem+json",
            status
        );
}
