using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Veltrix.Config.Rollouts;
using Veltrix.Config.Versions;
using Veltrix.Configuration;
using Veltrix.ServiceDefaults.Security;

namespace Veltrix.Config.Tests;

/// <summary>One replica of the service, on real Kestrel and a real database.</summary>
internal sealed class Replica : WebApplicationFactory<Program>, IConfigService
{
    /// <summary>How long a client waits for leave to send a body (<c>Expect: 100-continue</c>): longer than any machine takes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Another operator, with a key of its own.</summary>
    public const string SecondOperator = "second";

    private readonly IReadOnlyDictionary<string, string> _settings;

    private readonly TimeProvider? _time;

    private readonly IRolloutClock? _clock;

    private Replica(
        Database database,
        IReadOnlyDictionary<string, string>? settings,
        TimeProvider? time,
        IRolloutClock? clock
    )
    {
        (_time, _clock) = (time, clock);
        _settings = new Dictionary<string, string>(
            Settings(database).Concat(settings ?? new Dictionary<string, string>())
        );
        UseKestrel();
    }

    public int Port => ClientOptions.BaseAddress.Port;

    public CurrentVersion Current => Services.GetRequiredService<CurrentVersion>();

    /// <summary>What the service is told of its database and its keys.</summary>
    public static Dictionary<string, string> Settings(Database database) =>
        new()
        {
            ["ConnectionStrings:configdb"] = database.ConnectionString,
            ["Keys:Ingest"] = KeyOf(Roles.Ingest),
            ["Keys:Operator"] = KeyOf(Roles.Operator),
            ["Keys:Node"] = KeyOf(Roles.Node),
            [$"Keys:Operators:{SecondOperator}"] = KeyOf(SecondOperator),
            ["Logging:LogLevel:Default"] = "Warning",
        };

    public static string KeyOf(string name) => $"{name}-key-of-the-tests";

    public static Replica Start(
        Database database,
        IReadOnlyDictionary<string, string>? settings = null,
        TimeProvider? time = null,
        IRolloutClock? clock = null
    )
    {
        var replica = new Replica(database, settings, time, clock);
        replica.StartServer();
        return replica;
    }

    /// <summary>Starts and waits until there is a configuration.</summary>
    public static async Task<Replica> StartReadyAsync(
        Database database,
        IReadOnlyDictionary<string, string>? settings = null,
        TimeProvider? time = null,
        IRolloutClock? clock = null
    )
    {
        var replica = Start(database, settings, time, clock);
        await replica.Current.WaitBeyondAsync(0, TestContext.Current.CancellationToken);
        return replica;
    }

    /// <summary>A client with the key of a role, or of <see cref="SecondOperator"/>.</summary>
    public HttpClient As(string? name)
    {
        var client = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = Patience })
        {
            BaseAddress = ClientOptions.BaseAddress,
        };
        if (name is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", KeyOf(name));
        return client;
    }

    public Task<HttpResponseMessage> PublishAsync(int workers, string? ifMatch = "*", string reason = "Test") =>
        PublishAsync(WithWorkers(workers), ifMatch, reason);

    public async Task<HttpResponseMessage> PublishAsync(
        PlatformConfiguration configuration,
        string? ifMatch = "*",
        string reason = "Test"
    )
    {
        using var client = As(Roles.Operator);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/configuration/versions")
        {
            Content = JsonContent.Create(new Publication(reason, configuration), ConfigurationJson.Default.Publication),
        };
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public Task<ConfigurationVersion> MustPublishAsync(int workers) => MustPublishAsync(WithWorkers(workers));

    public async Task<ConfigurationVersion> MustPublishAsync(PlatformConfiguration configuration)
    {
        using var response = await PublishAsync(configuration);
        response.EnsureSuccessStatusCode();
        return await response.VersionAsync();
    }

    public static PlatformConfiguration WithWorkers(int workers) =>
        PlatformConfiguration.Default with
        {
            Processor = new ProcessorConfiguration(workers),
        };

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        // Not UseKestrel(port): that sets the address after the build, when the service may already have started.
        builder.UseUrls("http://127.0.0.1:0");
        foreach (var (name, value) in _settings)
            builder.UseSetting(name, value);
        if (_time is not null)
            builder.ConfigureTestServices(services => services.AddSingleton(_time));
        if (_clock is not null)
            builder.ConfigureTestServices(services => services.AddSingleton(_clock));
    }
}
