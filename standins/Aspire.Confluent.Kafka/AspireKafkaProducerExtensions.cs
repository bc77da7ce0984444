using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers Kafka producers.</summary>
public static class AspireKafkaProducerExtensions
{
    private const string Section = "Aspire:Confluent:Kafka:Producer";
    private const string HealthCheck = "Aspire.Confluent.Kafka.Producer";

    public static void AddKafkaProducer<TKey, TValue>(this IHostApplicationBuilder builder, string connectionName) =>
        Add<TKey, TValue>(builder, connectionName, null, null);

    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaProducerSettings>? configureSettings
    ) => Add<TKey, TValue>(builder, connectionName, configureSettings, null);

    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaProducerSettings>? configureSettings,
        Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder
    ) => Add(builder, connectionName, configureSettings, configureBuilder);

    private static void Add<TKey, TValue>(
        IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaProducerSettings>? configureSettings,
        Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);
        var settings = new KafkaProducerSettings();
        KafkaClients.Bind(builder.Configuration, Section, connectionName, settings, settings.Config);
        settings.ConnectionString = KafkaClients.ConnectionString(
            builder.Configuration,
            connectionName,
            settings.ConnectionString
        );
        configureSettings?.Invoke(settings);
        KafkaClients.Complete(settings.Config, settings.ConnectionString, settings.DisableMetrics);

        builder.Services.AddSingleton(services =>
        {
            KafkaClients.Validate(settings.Config);
            var client = new ProducerBuilder<TKey, TValue>(settings.Config);
            configureBuilder?.Invoke(services, client);
            KafkaClients.LogTo(services, log => client.SetLogHandler((_, message) => log(message)));
            return client.Build();
        });
        KafkaClients.AddTelemetry(builder.Services, settings.DisableMetrics, settings.DisableTracing);
        if (!settings.DisableHealthChecks)
            KafkaClients.AddHealthCheck(
                builder.Services,
                HealthCheck,
                services => services.GetRequiredService<IProducer<TKey, TValue>>().Handle
            );
    }
}
