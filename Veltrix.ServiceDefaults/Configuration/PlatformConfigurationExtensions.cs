using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Veltrix.ServiceDefaults.Configuration;

/// <summary>Makes a service a node: it obeys the published configuration and reports what it does.</summary>
public static class PlatformConfigurationExtensions
{
    /// <summary>
    /// Registers <see cref="IPlatformConfiguration"/>, kept current by the watch of the service <c>config</c>, and the
    /// reporter, which sends the registered <see cref="INodeMeasurements"/> (a <see cref="NodeMeter"/> unless the service
    /// brings its own) every second. Both present the key <c>Keys:Node</c>. The health check <c>configuration</c> is
    /// unhealthy until the first version arrived. With <c>LastGoodConfiguration:Directory</c> the version in force is kept
    /// there, signed, and a node that starts while the service is away begins with it.
    /// </summary>
    public static void AddPlatformConfiguration(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddServiceDiscovery();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(NodeIdentity.From(builder));
        services.AddSingleton<ConfigurationService>();
        services.AddSingleton<LastGoodCopy>();
        services.AddSingleton<CurrentConfiguration>();
        services.AddSingleton<IPlatformConfiguration>(provider => provider.GetRequiredService<CurrentConfiguration>());
        services.TryAddSingleton<NodeMeter>();
        services.TryAddSingleton<INodeMeasurements>(provider => provider.GetRequiredService<NodeMeter>());
        services.AddHostedService<ConfigurationWatch>();
        services.AddHostedService<NodeReporter>();
        services.AddHealthChecks().AddCheck<ConfigurationHealthCheck>("configuration");
    }
}
