using Confluent.Kafka;
using Veltrix.Configuration;
using Veltrix.Ingest.Kafka;
using Veltrix.Testing;

namespace Veltrix.Ingest.Tests;

/// <summary>What the client library does with the settings that it is given.</summary>
public sealed class ProducerProfileTests
{
    // The budget in flight speaks first, whatever it is: the library's queue must hold more than any budget lets in.
    [Fact]
    public async Task Queue_WhileTheBrokerIsAway_HoldsTheBytesOfALargeBudget()
    {
        const int RecordBytes = 900_000;
        const int Records = 350;
        using var producer = await AbsentAsync();
        var value = new byte[RecordBytes];

        for (var record = 0; record < Records; record++)
            producer.Produce("topic", new Message<byte[], byte[]?> { Key = [], Value = value });
    }

    // Events as small as they can be: many of them fit into a budget.
    [Fact]
    public async Task Queue_WhileTheBrokerIsAway_HoldsTheRecordsOfALargeBudget()
    {
        const int Records = 1_100_000;
        using var producer = await AbsentAsync();

        for (var record = 0; record < Records; record++)
            producer.Produce("topic", new Message<byte[], byte[]?> { Key = [], Value = [] });
    }

    // The library counts its own framing of headers, ingest does not.
    [Fact]
    public async Task Record_OfTheLargestSizeThatIngestMayAllow_IsTaken()
    {
        const int Headers = 30;
        var configuration = TestKafka.Configuration();
        await using var host = await IngestHost.StartAsync(configuration);
        using var producer = Build(await Servers.KafkaAsync());
        var headers = new Headers();
        for (var header = 0; header < Headers; header++)
            headers.Add("header", new byte[94]);
        var value = new byte[ConfigurationLimits.EventBytes.Maximum - (Headers * 100)];

        await producer.ProduceAsync(
            configuration.PlayersTopic(),
            new Message<byte[], byte[]?>
            {
                Key = [],
                Value = value,
                Headers = headers,
            },
            TestContext.Current.CancellationToken
        );
    }

    private static async Task<IProducer<byte[], byte[]?>> AbsentAsync()
    {
        // For its client library.
        await Servers.KafkaAsync();
        return Build("127.0.0.1:1");
    }

    private static IProducer<byte[], byte[]?> Build(string bootstrapServers)
    {
        var config = new ProducerConfig { BootstrapServers = bootstrapServers };
        ProducerProfile.Write(new ProducerConfiguration(DeliveryTimeoutMilliseconds: 600_000), config);
        return new ProducerBuilder<byte[], byte[]?>(config)
            .SetLogHandler((_, _) => { })
            .SetErrorHandler((_, _) => { })
            .Build();
    }
}
