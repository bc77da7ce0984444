using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using Veltrix.ServiceDefaults;
using Veltrix.ServiceDefaults.Health;
using Veltrix.ServiceDefaults.Logs;
using Veltrix.ServiceDefaults.Problems;
using Veltrix.ServiceDefaults.Security;
using Veltrix.ServiceDefaults.Telemetry;

namespace Microsoft.Extensions.Hosting;

/// <summary>What every service shares: telemetry, health, problem details, keys, resilience, service discovery.</summary>
public static class Extensions
{
    /// <summary>Adds the shared services.</summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        var node = NodeIdentity.From(builder);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton(node);
        builder.AddLogs();
        builder.AddTelemetry(node);
        builder.AddHealth();
        builder.AddProblems();
        builder.AddKeys();
        // What a service runs on is nobody's business.
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(client =>
        {
            // A POST that timed out may have been done; whoever sends it decides whether it may be sent again.
            client.AddStandardResilienceHandler(options => options.Retry.DisableForUnsafeHttpMethods());
            client.AddServiceDiscovery();
        });
        return builder;
    }

    /// <summary>Maps <c>/health</c>, <c>/alive</c> and <c>/metrics</c>, in every environment, without a key.</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.Lifetime.ApplicationStarted.Register(() => WarnWithoutKeys(app));
        app.UseProblems();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapHealth();
        app.MapGet("/metrics", PrometheusEndpoint.GetAsync).AllowAnonymous().DisableHttpMetrics();
        return app;
    }

    /// <summary>Runs the service until it is told to stop. Told while it still starts, it ends in good order, too.</summary>
    public static async Task RunUntilStoppedAsync(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        // Taken now: when the start ends by it, the host is gone.
        var stopping = app.Lifetime.ApplicationStopping;
        try
        {
            await app.RunAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What was open has been closed.
        }
    }

    /// <summary>Says at the start, not at the first request, that no key is configured, where an endpoint wants one.</summary>
    private static void WarnWithoutKeys(WebApplication app)
    {
        var endpoints = app.Services.GetRequiredService<EndpointDataSource>().Endpoints;
        if (endpoints.Any(endpoint => endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null))
            _ = app.Services.GetRequiredService<IKeyring>();
    }
}
