using System.Net.Http.Headers;
using Confluent.Kafka;
using LibrdkafkaRedist;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Veltrix.Configuration;
using Veltrix.Ingest.Admission;
using Veltrix.ServiceDefaults.Configuration;
using Veltrix.Testing;

namespace Veltrix.Ingest.Tests;

/// <summary>The service as it is, on a Kestrel of its own, with a configuration by hand.</summary>
internal sealed class IngestHost : WebApplicationFactory<EventsEndpoint>
{
    public const string Key = "ingest-key-of-the-tests";

    /// <summary>A key that is known here, but may not send events.</summary>
    public const string NodeKey = "node-key-of-the-tests";

    private readonly string _bootstrapServers;

    private IngestHost(string bootstrapServers) => _bootstrapServers = bootstrapServers;

    public StubConfiguration Configuration { get; } = new();

    /// <summary>Stands between the service and the real producer.</summary>
    public GatedProducer Producer => (GatedProducer)Services.GetRequiredService<IProducer<byte[], byte[]?>>();

    public InFlightBudget Budget => Services.GetRequiredService<InFlightBudget>();

    /// <summary>Presents the ingest key.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>Starts a node; with a configuration, returns when it may be given work.</summary>
    /// <param name="configuration">Published at once; null for none.</param>
    /// <param name="bootstrapServers">Instead of the tests' Kafka; then nothing is waited for.</param>
    public static async Task<IngestHost> StartAsync(
        PlatformConfiguration? configuration,
        string? bootstrapServers = null
    )
    {
        var kafka = bootstrapServers ?? await Servers.KafkaAsync();
        await Librdkafka.EnsureAsync(Console.Error.WriteLine, TestContext.Current.CancellationToken);
        var host = new IngestHost(kafka);
        host.UseKestrel();
        host.StartServer();
        host.Configuration.Parts = [.. host.Services.GetServices<IConfigurationPart>()];
        host.Client = host.CreateClient();
        host.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        if (configuration is null)
            return host;
        host.Configuration.Publish(configuration);
        if (bootstrapServers is null)
            await host.WaitUntilHealthyAsync();
        return host;
    }

    public Task WaitUntilHealthyAsync() =>
        Wait.UntilAsync(async () =>
            (await Client.GetAsync("/health", TestContext.Current.CancellationToken)).IsSuccessStatusCode
        );

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
        // Not UseKestrel(port): that sets the address after the build, when the service may already have started.
        builder.UseUrls("http://127.0.0.1:0");
        builder.UseSetting("ConnectionStrings:kafka", _bootstrapServers);
        builder.UseSetting("Keys:Ingest", Key);
        builder.UseSetting("Keys:Node", NodeKey);
        // On a busy machine the requests' own deadline must still come before the server's.
        builder.UseSetting("Drain:TimeoutSeconds", "10");
        builder.UseSetting("Logging:LogLevel:Default", "Critical");
        builder.UseSetting("Logging:LogLevel:Microsoft.AspNetCore", "Critical");
        builder.ConfigureTestServices(services =>
        {
            // The watch and the reporter would look for the service config.
            foreach (
                var hosted in services
                    .Where(service =>
                        service.ServiceType == typeof(IHostedService)
                        && service.ImplementationType?.Assembly == typeof(IPlatformConfiguration).Assembly
                    )
                    .ToList()
            )
                services.Remove(hosted);
            var producer = services.Single(service => service.ServiceType == typeof(IProducer<byte[], byte[]?>));
            services.Remove(producer);
            services.AddSingleton<IProducer<byte[], byte[]?>>(provider => new GatedProducer(
                (IProducer<byte[], byte[]?>)producer.ImplementationFactory!(provider)
            ));
            // The least grace that Kestrel allows, for the tests of slow bodies.
            services.Configure<KestrelServerOptions>(kestrel =>
                kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(240, TimeSpan.FromSeconds(1.1))
            );
            services.RemoveAll<IPlatformConfiguration>();
            services.AddSingleton<IPlatformConfiguration>(Configuration);
            services.Configure<HealthCheckServiceOptions>(options =>
                options.Registrations.Remove(options.Registrations.Single(check => check.Name == "configuration"))
            );
        });
    }
}
