using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers Kafka consumers.</summary>
public static class AspireKafkaConsumerExtensions
{
    private const string Section = "Aspire:Confluent:Kafka:Consumer";
    private const string HealthCheck = "Aspire.Confluent.Kafka.Consumer";

    public static void AddKafkaConsumer<TKey, TValue>(this IHostApplicationBuilder builder, string connectionName) =>
        Add<TKey, TValue>(builder, connectionName, null, null);

    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaConsumerSettings>? configureSettings
    ) => Add<TKey, TValue>(builder, connectionName, configureSettings, null);

    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<ConsumerBuilder<TKey, TValue>>? configureBuilder
    ) => Add<TKey, TValue>(builder, connectionName, null, (_, client) => configureBuilder?.Invoke(client));

    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder
    ) => Add(builder, connectionName, null, configureBuilder);

    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaConsumerSettings>? configureSettings,
        Action<ConsumerBuilder<TKey, TValue>>? configureBuilder
    ) => Add<TKey, TValue>(builder, connectionName, configureSettings, (_, client) => configureBuilder?.Invoke(client));

    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaConsumerSettings>? configureSettings,
        Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder
    ) => Add(builder, connectionName, configureSettings, configureBuilder);

    private static void Add<TKey, TValue>(
        IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaConsumerSettings>? configureSettings,
        Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);
        var settings = new KafkaConsumerSettings();
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
            if (string.IsNullOrEmpty(settings.Config.GroupId))
                throw new InvalidOperationException("No group id configured.");
            var client = new ConsumerBuilder<TKey, TValue>(settings.Config);
            configureBuilder?.Invoke(services, client);
            KafkaClients.LogTo(services, log => client.SetLogHandler((_, message) => log(message)));
            return client.Build();
        });
        KafkaClients.AddTelemetry(builder.Services, settings.DisableMetrics, settings.DisableTracing);
        if (!settings.DisableHealthChecks)
            KafkaClients.AddHealthCheck(
                builder.Services,
                HealthCheck,
                services => services.GetRequiredService<IConsumer<TKey, TValue>>().Handle
            );
    }
}
