using Confluent.Kafka;
using Veltrix.Configuration;

namespace Veltrix.Ingest.Kafka;

/// <summary>The client library's settings: those of the configuration's profile, and those that nobody chooses.</summary>
internal static class ProducerProfile
{
    // The socket ends after the request would have, so that the request's own timeout speaks first.
    private const int SocketGraceMilliseconds = 1_000;

    private const int FramingBytes = 40_000;

    public static void Write(ProducerConfiguration profile, ProducerConfig config)
    {
        config.Acks = profile.Acks switch
        {
            ProducerAcks.All => Acks.All,
            ProducerAcks.Leader => Acks.Leader,
            _ => Acks.None,
        };
        config.EnableIdempotence = profile.EnableIdempotence;
        config.LingerMs = profile.LingerMilliseconds;
        config.BatchSize = profile.BatchBytes;
        config.MessageTimeoutMs = profile.DeliveryTimeoutMilliseconds;
        config.RequestTimeoutMs = profile.RequestTimeoutMilliseconds;
        config.SocketTimeoutMs = profile.RequestTimeoutMilliseconds + SocketGraceMilliseconds;
        config.MaxInFlight = profile.MaximumInFlightRequests;
        config.CompressionType = profile.Compression switch
        {
            ProducerCompression.Gzip => CompressionType.Gzip,
            ProducerCompression.Snappy => CompressionType.Snappy,
            ProducerCompression.Lz4 => CompressionType.Lz4,
            ProducerCompression.Zstd => CompressionType.Zstd,
            _ => CompressionType.None,
        };
        WriteFixed(config);
    }

    private static void WriteFixed(ProducerConfig config)
    {
        // Java's default for keyed records, so that every client finds a key in the same partition.
        config.Partitioner = Partitioner.Murmur2Random;
        config.ReconnectBackoffMs = 50;
        config.ReconnectBackoffMaxMs = 1_000;
        // As much as the largest ingest.maximumBytesInFlight lets in, so that the budget speaks first: of an accepted body's
        // bytes, key and value are never more than all. Records are bounded by their bytes, however small they are.
        config.QueueBufferingMaxKbytes = (int)(ConfigurationLimits.BytesInFlight.Maximum / 1_024);
        config.QueueBufferingMaxMessages = int.MaxValue;
        // ingest.maximumEventBytes and producer.batchBytes are what limits; the library counts its framing, too. Kafka's own
        // limit, a topic's max.message.bytes, is 1,048,588.
        config.MessageMaxBytes = ConfigurationLimits.EventBytes.Maximum + FramingBytes;
        // TopicKeeper makes topics, with the configured number of partitions.
        config.Set("allow.auto.create.topics", "false");
        // The key names the record of a report; copying back value and headers would cost as much as sending them.
        config.DeliveryReportFields = "key,status";
    }
}
