using System.Diagnostics;
using Confluent.Kafka;

namespace Veltrix.Broker.Benchmarks;

/// <summary>Confluent.Kafka's producer and consumer, as services use them.</summary>
internal static class ManagedClients
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Messages a second of one idempotent producer with a static handler.</summary>
    public static double Produce(string servers, string topic, int messages, int valueBytes)
    {
        var value = new byte[valueBytes];
        Random.Shared.NextBytes(value);
        var settings = new ProducerConfig
        {
            BootstrapServers = servers,
            Acks = Acks.All,
            EnableIdempotence = true,
            LingerMs = 5,
            BatchSize = 1_000_000,
            QueueBufferingMaxMessages = 200_000,
            DeliveryReportFields = "none",
        };
        using var producer = new ProducerBuilder<Null, byte[]>(settings).Build();
        var message = new Message<Null, byte[]> { Value = value };
        var started = Stopwatch.GetTimestamp();
        for (var index = 0; index < messages; index++)
        {
            while (!TryProduce(producer, topic, message))
                producer.Poll(TimeSpan.FromMilliseconds(5));
        }
        producer.Flush(Patience);
        return messages / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Messages a second of one consumer that reads a topic of one partition from its beginning.</summary>
    public static double Consume(string servers, string topic, int messages)
    {
        using var consumer = Open(servers, topic, Offset.Beginning);
        var started = 0L;
        for (var index = 0; index < messages; index++)
        {
            if (consumer.Consume(Patience) is null)
                throw new InvalidOperationException($"{topic} ended at message {index} of {messages}.");
            // Metadata and the first connection are no part of it.
            if (started == 0)
                started = Stopwatch.GetTimestamp();
        }
        return messages / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>From the sending of a message to its arrival at a consumer that waits for it, one message at a time.</summary>
    public static LatencyHistogram EndToEnd(IMeasuredBroker broker, string topic, int messages)
    {
        using var producer = new RawProducer(broker.Port, topic, 0);
        producer.ProduceAsync(CancellationToken.None).GetAwaiter().GetResult();
        using var consumer = Open(broker.Servers, topic, Offset.Beginning);
        consumer.Consume(Patience);
        var latency = new LatencyHistogram();
        for (var index = 0; index < messages; index++)
        {
            var started = Stopwatch.GetTimestamp();
            var producing = producer.ProduceAsync(CancellationToken.None);
            if (consumer.Consume(Patience) is null)
                throw new InvalidOperationException("A message did not arrive.");
            var took = Stopwatch.GetElapsedTime(started);
            producing.GetAwaiter().GetResult();
            if (index > messages / 10)
                latency.Record((long)took.TotalMicroseconds);
        }
        return latency;
    }

    private static IConsumer<Ignore, byte[]> Open(string servers, string topic, Offset from)
    {
        var settings = new ConsumerConfig
        {
            BootstrapServers = servers,
            GroupId = "benchmark",
            EnableAutoCommit = false,
            // Beyond 100,000 messages in its queue librdkafka asks for no more for a second, which measures that second.
            QueuedMinMessages = 5_000_000,
            QueuedMaxMessagesKbytes = 1_000_000,
        };
        var consumer = new ConsumerBuilder<Ignore, byte[]>(settings).Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, from));
        return consumer;
    }

    private static bool TryProduce(IProducer<Null, byte[]> producer, string topic, Message<Null, byte[]> message)
    {
        try
        {
            producer.Produce(topic, message, Handler);
            return true;
        }
        catch (ProduceException<Null, byte[]> full) when (full.Error.Code == ErrorCode.Local_QueueFull)
        {
            return false;
        }
    }

    private static void Handler(DeliveryReport<Null, byte[]> report)
    {
        if (report.Error.IsError)
            throw new InvalidOperationException(report.Error.Reason);
    }
}
