using Aspire.StackExchange.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenTelemetry.Trace;
using StackExchange.Redis;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers Redis clients.</summary>
public static class AspireRedisExtensions
{
    private const string Section = "Aspire:StackExchange:Redis";
    private const string HealthCheck = "StackExchange.Redis";
    private const string ActivitySource = "OpenTelemetry.Instrumentation.StackExchangeRedis";

    /// <summary>Registers a singleton <see cref="IConnectionMultiplexer"/>, connected when the host starts.</summary>
    public static void AddRedisClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);
        var section = builder.Configuration.GetSection(Section);
        var settings = new StackExchangeRedisSettings();
        section.Bind(settings);
        section.GetSection(connectionName).Bind(settings);
        settings.ConnectionString =
            builder.Configuration.GetConnectionString(connectionName) ?? settings.ConnectionString;
        configureSettings?.Invoke(settings);

        builder.Services.AddSingleton<IConnectionMultiplexer>(_ =>
        {
            var options = RedisOptions.Create(section, connectionName, settings.ConnectionString);
            configureOptions?.Invoke(options);
            RedisOptions.Validate(options, connectionName);
            return ConnectionMultiplexer.Connect(options);
        });
        if (!settings.DisableAutoActivation)
            builder.Services.AddHostedService<RedisActivation>();
        if (!settings.DisableTracing)
            builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(ActivitySource));
        if (!settings.DisableHealthChecks)
            builder
                .Services.AddHealthChecks()
                .Add(
                    new HealthCheckRegistration(
                        HealthCheck,
                        services => new RedisHealthCheck(services.GetRequiredService<IConnectionMultiplexer>()),
                        failureStatus: null,
                        tags: null
                    )
                );
    }
}
