using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;

namespace Veltrix.Ingest.Kafka;

/// <summary>The producer and what keeps it going.</summary>
internal static class KafkaExtensions
{
    /// <summary>Name of the cluster and of its connection string.</summary>
    public const string Connection = "kafka";

    public static void AddEventLog(this IHostApplicationBuilder builder)
    {
        builder.AddKafkaProducer<byte[], byte[]?>(
            Connection,
            settings => Configure(settings.Config),
            (services, producer) =>
            {
                var guard = services.GetRequiredService<ProducerGuard>();
                producer.SetErrorHandler((_, error) => guard.OnError(error));
            }
        );
        builder.Services.AddSingleton<ProducerGuard>();
        builder.Services.AddHostedService<ProducerDrain>();
        builder.Services.AddSingleton<TopicKeeper>();
        builder.Services.AddHostedService(services => services.GetRequiredService<TopicKeeper>());
        builder.Services.AddHealthChecks().AddCheck<TopicsHealthCheck>("topics");
    }

    private static void Configure(ProducerConfig config)
    {
        config.Acks = Acks.All;
        config.EnableIdempotence = true;
        // Java's default for keyed records, so that every client finds a key in the same partition.
        config.Partitioner = Partitioner.Murmur2Random;
        config.LingerMs = 5;
        config.MessageTimeoutMs = 10_000;
        config.RequestTimeoutMs = 5_000;
        config.SocketTimeoutMs = 6_000;
        config.ReconnectBackoffMs = 50;
        config.ReconnectBackoffMaxMs = 1_000;
        config.CompressionType = CompressionType.None;
        // Above ingest.maximumBytesInFlight, so that the budget speaks first; still a limit of its own.
        config.QueueBufferingMaxKbytes = 256 * 1024;
        config.QueueBufferingMaxMessages = 1_000_000;
        // TopicKeeper makes topics, with the configured number of partitions.
        config.Set("allow.auto.create.topics", "false");
        // The key names the record of a report; copying back value and headers would cost as much as sending them.
        config.DeliveryReportFields = "key,status";
    }
}
