using Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers DbContexts on PostgreSQL.</summary>
public static class AspireEFPostgreSqlExtensions
{
    private const string Section = "Aspire:Npgsql:EntityFrameworkCore:PostgreSQL";

    /// <summary>Npgsql names its meter and its activity source alike.</summary>
    private const string Instrumentation = "Npgsql";

    /// <summary>Registers <typeparamref name="TContext"/>, pooled, with retries, a health check, traces and metrics.</summary>
    public static void AddNpgsqlDbContext<TContext>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<NpgsqlEntityFrameworkCorePostgreSQLSettings>? configureSettings = null,
        Action<DbContextOptionsBuilder>? configureDbContextOptions = null
    )
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);
        if (IsRegistered<TContext>(builder.Services))
            throw new InvalidOperationException($"DbContext<{typeof(TContext).Name}> is already registered.");
        var settings = Settings<TContext>(builder.Configuration, connectionName);
        settings.ConnectionString =
            builder.Configuration.GetConnectionString(connectionName) ?? settings.ConnectionString;
        configureSettings?.Invoke(settings);

        builder.Services.AddDbContextPool<TContext>(options =>
        {
            if (string.IsNullOrWhiteSpace(settings.ConnectionString))
                throw new InvalidOperationException(
                    $"ConnectionString is missing. It should be provided in 'ConnectionStrings:{connectionName}' or under "
                        + $"the 'ConnectionString' key in '{Section}' or '{Section}:{typeof(TContext).Name}' configuration section."
                );
            options.UseNpgsql(
                settings.ConnectionString,
                npgsql =>
                {
                    if (!settings.DisableRetry)
                        npgsql.EnableRetryOnFailure();
                    if (settings.CommandTimeout is { } seconds)
                        npgsql.CommandTimeout(seconds);
                }
            );
            configureDbContextOptions?.Invoke(options);
        });
        AddHealthAndTelemetry<TContext>(builder, settings);
    }

    private static bool IsRegistered<TContext>(IServiceCollection services) =>
        services.Any(service => service.ServiceType == typeof(TContext));

    private static NpgsqlEntityFrameworkCorePostgreSQLSettings Settings<TContext>(
        IConfiguration configuration,
        string connectionName
    )
    {
        var settings = new NpgsqlEntityFrameworkCorePostgreSQLSettings();
        var section = configuration.GetSection(Section);
        section.Bind(settings);
        section.GetSection(connectionName).Bind(settings);
        section.GetSection(typeof(TContext).Name).Bind(settings);
        return settings;
    }

    private static void AddHealthAndTelemetry<TContext>(
        IHostApplicationBuilder builder,
        NpgsqlEntityFrameworkCorePostgreSQLSettings settings
    )
        where TContext : DbContext
    {
        if (!settings.DisableHealthChecks)
            builder
                .Services.AddHealthChecks()
                .Add(
                    new HealthCheckRegistration(
                        typeof(TContext).Name,
                        services => new DbContextHealthCheck<TContext>(
                            services.GetRequiredService<IServiceScopeFactory>()
                        ),
                        failureStatus: null,
                        tags: null
                    )
                );
        if (!settings.DisableTracing)
            builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(Instrumentation));
        if (!settings.DisableMetrics)
            builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(Instrumentation));
    }
}
