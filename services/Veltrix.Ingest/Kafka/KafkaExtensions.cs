using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Veltrix.Configuration;
using Veltrix.ServiceDefaults.Configuration;

namespace Veltrix.Ingest.Kafka;

/// <summary>The producer and what keeps it going.</summary>
internal static partial class KafkaExtensions
{
    public static void AddEventLog(this IHostApplicationBuilder builder)
    {
        ProducerConfig? config = null;
        builder.AddKafkaProducer<byte[], byte[]?>(
            ClusterConfiguration.Served,
            settings =>
            {
                config = settings.Config;
                ProducerProfile.Write(new ProducerConfiguration(), config);
            },
            (services, producer) =>
            {
                var guard = services.GetRequiredService<ProducerGuard>();
                producer.SetErrorHandler((_, error) => guard.OnError(error));
            }
        );
        builder.Services.AddSingleton<ProducerGuard>();
        builder.Services.AddSingleton(services => new Producers(
            services.GetRequiredService<IProducer<byte[], byte[]?>>(),
            profile => Build(services, new ProducerConfig(config!.ToDictionary()), profile),
            services.GetRequiredService<ILogger<Producers>>()
        ));
        builder.Services.AddSingleton<IConfigurationPart>(services => services.GetRequiredService<Producers>());
        builder.Services.AddHostedService(services => services.GetRequiredService<Producers>());
        builder.Services.AddSingleton<TopicKeeper>();
        builder.Services.AddHostedService(services => services.GetRequiredService<TopicKeeper>());
        builder.Services.AddHealthChecks().AddCheck<TopicsHealthCheck>("topics");
    }

    /// <summary>A producer like the registered one, with another profile.</summary>
    private static IProducer<byte[], byte[]?> Build(
        IServiceProvider services,
        ProducerConfig config,
        ProducerConfiguration profile
    )
    {
        ProducerProfile.Write(profile, config);
        var guard = services.GetRequiredService<ProducerGuard>();
        var logger = services.GetRequiredService<ILogger<Producers>>();
        return new ProducerBuilder<byte[], byte[]?>(config)
            .SetErrorHandler((_, error) => guard.OnError(error))
            .SetLogHandler((_, entry) => Log.Library(logger, entry.Facility, entry.Message))
            .Build();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Facility}: {Message}")]
        public static partial void Library(ILogger logger, string facility, string message);
    }
}
