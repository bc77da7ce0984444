using Confluent.Kafka;
using LibrdkafkaRedist;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Aspire.Confluent.Kafka;

/// <summary>What holds for every kind of client.</summary>
internal static class KafkaClients
{
    private const string LogCategory = "Aspire.Confluent.Kafka";
    private const string InstrumentationName = "OpenTelemetry.Instrumentation.ConfluentKafka";

    public static void Bind(
        IConfiguration configuration,
        string sectionName,
        string connectionName,
        object settings,
        ClientConfig config
    )
    {
        var section = configuration.GetSection(sectionName);
        foreach (var source in new[] { section, section.GetSection(connectionName) })
        {
            source.Bind(settings);
            // ClientConfig is a dictionary, too; bound as a member of the settings its properties would be missed.
            source.GetSection("Config").Bind(config);
        }
    }

    public static string? ConnectionString(IConfiguration configuration, string connectionName, string? current) =>
        configuration.GetConnectionString(connectionName) ?? current;

    public static void Complete(ClientConfig config, string? connectionString, bool disableMetrics)
    {
        if (connectionString is not null)
            config.BootstrapServers = connectionString;
        if (!disableMetrics)
            config.StatisticsIntervalMs ??= 1000;
    }

    public static void Validate(ClientConfig config)
    {
        Librdkafka.Use();
        if (string.IsNullOrEmpty(config.BootstrapServers))
            throw new InvalidOperationException("No bootstrap servers configured.");
    }

    /// <summary>Sends librdkafka's own log to the host's, unless the application took it.</summary>
    public static void LogTo(IServiceProvider services, Action<Action<LogMessage>> setHandler)
    {
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(LogCategory);
        try
        {
            setHandler(message => KafkaLog.Forward(logger, message));
        }
        catch (InvalidOperationException)
        {
            KafkaLog.HandlerTaken(logger);
        }
    }

    public static void AddTelemetry(IServiceCollection services, bool disableMetrics, bool disableTracing)
    {
        if (!disableMetrics)
            services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(InstrumentationName));
        if (!disableTracing)
            services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(InstrumentationName));
    }

    public static void AddHealthCheck(IServiceCollection services, string name, Func<IServiceProvider, Handle> handle)
    {
        services.AddKeyedSingleton(name, (provider, _) => new KafkaHealthCheck(() => handle(provider)));
        services.Configure<HealthCheckServiceOptions>(options =>
        {
            // Several clients of one kind share one check, as the genuine integration has it.
            if (options.Registrations.Any(check => string.Equals(check.Name, name, StringComparison.Ordinal)))
                return;
            options.Registrations.Add(
                new HealthCheckRegistration(
                    name,
                    provider => provider.GetRequiredKeyedService<KafkaHealthCheck>(name),
                    failureStatus: null,
                    tags: null
                )
            );
        });
        services.AddHealthChecks();
    }
}
