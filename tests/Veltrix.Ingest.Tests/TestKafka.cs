using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Veltrix.Configuration;
using Veltrix.Testing;

namespace Veltrix.Ingest.Tests;

/// <summary>The tests' Kafka: topics of each test's own, read back from the beginning.</summary>
internal static class TestKafka
{
    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(30);

    /// <summary>A configuration with topics that no other test uses.</summary>
    public static PlatformConfiguration Configuration(int partitions = 3, IngestConfiguration? ingest = null)
    {
        var suffix = Guid.NewGuid().ToString("N")[..12];
        return PlatformConfiguration.Default with
        {
            Clusters = [new("kafka", [new($"players-{suffix}", partitions), new($"github-{suffix}", partitions)])],
            EventTypes =
            [
                new("com.veltrix.player.moved", $"players-{suffix}"),
                new("com.github.*", $"github-{suffix}"),
            ],
            Ingest = ingest ?? new(),
        };
    }

    public static string PlayersTopic(this PlatformConfiguration configuration) => configuration.EventTypes[0].Topic;

    public static string GitHubTopic(this PlatformConfiguration configuration) => configuration.EventTypes[1].Topic;

    /// <summary>All records of a topic, up to its end at the time of the call, partition by partition.</summary>
    public static async Task<IReadOnlyList<ConsumeResult<byte[], byte[]?>>> ReadAllAsync(string topic)
    {
        var bootstrap = await Servers.KafkaAsync();
        return await Task.Run(() => ReadAll(bootstrap, topic));
    }

    /// <summary>Whether there is such a topic.</summary>
    public static async Task<bool> HasTopicAsync(string topic)
    {
        var config = new AdminClientConfig { BootstrapServers = await Servers.KafkaAsync() };
        using var admin = new AdminClientBuilder(config).Build();
        return admin.GetMetadata(ReadLimit).Topics.Exists(present => present.Topic == topic);
    }

    /// <summary>How many partitions a topic has.</summary>
    public static async Task<int> PartitionsAsync(string topic)
    {
        var config = new AdminClientConfig { BootstrapServers = await Servers.KafkaAsync() };
        using var admin = new AdminClientBuilder(config).Build();
        return admin.GetMetadata(topic, ReadLimit).Topics.Single().Partitions.Count;
    }

    /// <summary>A setting of a topic, as the broker has it.</summary>
    public static async Task<string> SettingAsync(string topic, string name)
    {
        var config = new AdminClientConfig { BootstrapServers = await Servers.KafkaAsync() };
        using var admin = new AdminClientBuilder(config).Build();
        var described = await admin.DescribeConfigsAsync([
            new ConfigResource { Type = ResourceType.Topic, Name = topic },
        ]);
        return described.Single().Entries[name].Value;
    }

    /// <summary>Replaces the settings of a topic, as an operator may do with Kafka's tools.</summary>
    public static async Task SetAsync(string topic, params (string Name, string Value)[] settings)
    {
        var config = new AdminClientConfig { BootstrapServers = await Servers.KafkaAsync() };
        using var admin = new AdminClientBuilder(config).Build();
        await admin.AlterConfigsAsync(
            new Dictionary<ConfigResource, List<ConfigEntry>>
            {
                [new ConfigResource { Type = ResourceType.Topic, Name = topic }] =
                [
                    .. settings.Select(setting => new ConfigEntry { Name = setting.Name, Value = setting.Value }),
                ],
            }
        );
    }

    public static string Header(this ConsumeResult<byte[], byte[]?> record, string name) =>
        record.Message.Headers.TryGetLastBytes(name, out var value)
            ? Encoding.UTF8.GetString(value)
            : throw new KeyNotFoundException($"No header '{name}'.");

    private static List<ConsumeResult<byte[], byte[]?>> ReadAll(string bootstrap, string topic)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = bootstrap,
            GroupId = $"tests-{Guid.NewGuid():N}",
            EnableAutoCommit = false,
            AutoOffsetReset = AutoOffsetReset.Earliest,
        };
        using var consumer = new ConsumerBuilder<byte[], byte[]?>(config).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = admin
            .GetMetadata(topic, ReadLimit)
            .Topics.Single()
            .Partitions.Select(partition => new TopicPartition(topic, partition.PartitionId))
            .ToList();
        var expected = partitions.Sum(partition =>
        {
            var offsets = consumer.QueryWatermarkOffsets(partition, ReadLimit);
            return offsets.High.Value - offsets.Low.Value;
        });
        consumer.Assign(partitions.Select(partition => new TopicPartitionOffset(partition, Offset.Beginning)));
        var records = new List<ConsumeResult<byte[], byte[]?>>();
        while (records.Count < expected)
            records.Add(
                consumer.Consume(ReadLimit)
                    ?? throw new TimeoutException($"Read {records.Count} of {expected} records of '{topic}'.")
            );
        return records;
    }
}
