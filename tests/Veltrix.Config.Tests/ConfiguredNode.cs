using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Veltrix.Configuration;
using Veltrix.Events;
using Veltrix.ServiceDefaults;
using Veltrix.ServiceDefaults.Configuration;
using Veltrix.ServiceDefaults.Security;
using Veltrix.Testing;

namespace Veltrix.Config.Tests;

/// <summary>A node as each service is one, with the watch and the reporter that they have. It works on what it was given last.</summary>
internal sealed class ConfiguredNode : IAsyncDisposable
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(100);
    private readonly IHost _host;
    private readonly ITimer _work;
    private long _turns;

    private ConfiguredNode(IHost host, NetworkLine line, Func<int, bool> fails)
    {
        (_host, Line) = (host, line);
        var meter = host.Services.GetRequiredService<NodeMeter>();
        _work = TimeProvider.System.CreateTimer(_ => Work(meter, fails), null, TimeSpan.Zero, Turn);
    }

    /// <summary>Between it and the service.</summary>
    public NetworkLine Line { get; }

    public string Name => _host.Services.GetRequiredService<NodeIdentity>().Name;

    public IPlatformConfiguration Configuration => _host.Services.GetRequiredService<IPlatformConfiguration>();

    /// <summary>How often it has worked.</summary>
    public long Turns => Interlocked.Read(ref _turns);

    /// <summary>Starts a node of the service <c>processor</c>.</summary>
    /// <param name="instance">Ends its name.</param>
    /// <param name="ports">Where the service listens; each connection goes to the first that answers.</param>
    /// <param name="fails">Whether its work fails on a version; it never does when left out.</param>
    /// <param name="time">Its clock.</param>
    public static async Task<ConfiguredNode> StartAsync(
        string instance,
        int[] ports,
        Func<int, bool>? fails = null,
        TimeProvider? time = null
    )
    {
        var line = new NetworkLine(ports);
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["services:config:http:0"] = $"http://127.0.0.1:{line.Port}",
                ["Keys:Node"] = Replica.KeyOf(Roles.Node),
                ["OTEL_SERVICE_NAME"] = "processor",
                ["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={instance}",
            }
        );
        if (time is not null)
            builder.Services.AddSingleton(time);
        builder.AddPlatformConfiguration();
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        await host
            .Services.GetRequiredService<IPlatformConfiguration>()
            .WaitAsync(TestContext.Current.CancellationToken);
        return new ConfiguredNode(host, line, fails ?? (_ => false));
    }

    public Task RunsAsync(int version) =>
        Eventually.HoldsAsync(
            () => Configuration.Current.Number == version,
            TimeSpan.FromMinutes(2),
            $"{Name} does not get version {version}.",
            TestContext.Current.CancellationToken
        );

    public async ValueTask DisposeAsync()
    {
        await _work.DisposeAsync();
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
        await Line.DisposeAsync();
    }

    private void Work(NodeMeter meter, Func<int, bool> fails)
    {
        // Never twice the same latency, as in a real node.
        meter.Record(TimeSpan.FromMilliseconds(20 + Interlocked.Increment(ref _turns) % 7 * 0.1), count: 20);
        if (fails(Configuration.Current.Number))
            meter.RecordErrors(ErrorCatalogue.AttemptFailed, 10);
    }
}
