using System.Text.Json;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Veltrix.Configuration;
using Veltrix.Ingest.Kafka;
using Veltrix.Testing;

namespace Veltrix.Options.Tests.Probes;

/// <summary>How records are written: what the client library sends to a real broker.</summary>
internal static class ProducerProbes
{
    private const int RecordBytes = 10_000;
    private const int Records = 300;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static IEnumerable<Probe> All => [new("ingest.producer.batchBytes", BatchesAreAsLargeAsTheyMayBeAsync)];

    // Up to the end of the range: a value that the library would cap by itself would be obeyed by nobody.
    private static async Task BatchesAreAsLargeAsTheyMayBeAsync(ProbedNodes nodes, string path)
    {
        foreach (var bytes in new[] { 50_000, ConfigurationLimits.ProducerBatchBytes.Maximum })
            (await LargestBatchAsync(PlatformConfiguration.Default.With(path, bytes))).ShouldBeInRange(
                bytes - (2 * RecordBytes),
                bytes + RecordBytes
            );
    }

    /// <summary>Bytes of the largest batch when more is there than fits into one.</summary>
    private static async Task<long> LargestBatchAsync(PlatformConfiguration configuration)
    {
        var topic = $"probe-{Guid.NewGuid():N}";
        var config = new ProducerConfig { BootstrapServers = await Servers.KafkaAsync(), StatisticsIntervalMs = 50 };
        ProducerProfile.Write(configuration.Ingest.Producer with { LingerMilliseconds = 2_000 }, config);
        using (
            var admin = new AdminClientBuilder(
                new AdminClientConfig { BootstrapServers = config.BootstrapServers }
            ).Build()
        )
            await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = 1 }]);
        var sent = new Batches(topic);
        using var producer = new ProducerBuilder<byte[], byte[]?>(config)
            .SetStatisticsHandler((_, json) => sent.Add(json))
            .Build();
        for (var record = 0; record < Records; record++)
            producer.Produce(topic, new Message<byte[], byte[]?> { Key = [1], Value = new byte[RecordBytes] });
        producer.Flush(Cancellation);
        await sent.All.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
        return sent.Largest;
    }

    /// <summary>What the library says of the batches that it sent.</summary>
    private sealed class Batches(string topic)
    {
        private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _records;

        public Task All => _all.Task;

        public long Largest { get; private set; }

        public void Add(string statistics)
        {
            using var document = JsonDocument.Parse(statistics);
            if (!document.RootElement.GetProperty("topics").TryGetProperty(topic, out var sent))
                return;
            Largest = Math.Max(Largest, sent.GetProperty("batchsize").GetProperty("max").GetInt64());
            _records += sent.GetProperty("batchcnt").GetProperty("sum").GetInt64();
            if (_records >= Records)
                _all.TrySetResult();
        }
    }
}
