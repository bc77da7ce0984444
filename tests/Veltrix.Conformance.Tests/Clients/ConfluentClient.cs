using Confluent.Kafka;
using Confluent.Kafka.Admin;
using LibrdkafkaRedist;
using Veltrix.Testing;

namespace Veltrix.Conformance.Tests.Clients;

/// <summary>Confluent.Kafka's producers, consumers and administration for one server.</summary>
internal sealed class ConfluentClient : IDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly string _servers;
    private readonly string _topic;

    private ConfluentClient(string servers, string topic)
    {
        _servers = servers;
        _topic = topic;
        Admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = servers }).Build();
    }

    public IAdminClient Admin { get; }

    /// <summary>Connects and creates the topic.</summary>
    public static async Task<ConfluentClient> CreateAsync(TestedKafka kafka, string topic, int partitions)
    {
        await Librdkafka.EnsureAsync(Console.Error.WriteLine, TestContext.Current.CancellationToken);
        var client = new ConfluentClient(await kafka.ServersAsync(), topic);
        await client.CreateTopicAsync(topic, partitions);
        return client;
    }

    /// <summary>Creates a topic, and waits until the broker tells of it: Apache Kafka answers before that.</summary>
    public async Task CreateTopicAsync(string name, int partitions, Dictionary<string, string>? configuration = null)
    {
        await Admin.CreateTopicsAsync([
            new TopicSpecification
            {
                Name = name,
                NumPartitions = partitions,
                ReplicationFactor = 1,
                Configs = configuration,
            },
        ]);
        await Eventually.HoldsAsync(() => Leaders(name) == partitions);
    }

    public IProducer<string, string?> Producer(Action<ProducerConfig>? configure = null)
    {
        var configuration = new ProducerConfig
        {
            BootstrapServers = _servers,
            EnableIdempotence = true,
            LingerMs = 1,
            MessageMaxBytes = 10_000_000,
        };
        configure?.Invoke(configuration);
        return new ProducerBuilder<string, string?>(configuration).SetValueSerializer(NullableText.Instance).Build();
    }

    /// <summary>A consumer of the topic's first partition from its beginning, without a group's protocol.</summary>
    public IConsumer<string, string?> Reader(Action<ConsumerConfig>? configure = null)
    {
        var consumer = Member($"reader-{Guid.NewGuid():N}", configure);
        consumer.Assign(new TopicPartitionOffset(_topic, 0, 0));
        return consumer;
    }

    public IConsumer<string, string?> Member(string group, Action<ConsumerConfig>? configure = null) =>
        MemberBuilder(group, configure).Build();

    public ConsumerBuilder<string, string?> MemberBuilder(string group, Action<ConsumerConfig>? configure = null)
    {
        var configuration = new ConsumerConfig
        {
            BootstrapServers = _servers,
            GroupId = group,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
            SessionTimeoutMs = 6000,
            HeartbeatIntervalMs = 200,
            FetchWaitMaxMs = 50,
        };
        configure?.Invoke(configuration);
        return new ConsumerBuilder<string, string?>(configuration).SetValueDeserializer(NullableText.Instance);
    }

    private int Leaders(string topic) =>
        Admin.GetMetadata(topic, Limit).Topics.Single().Partitions.Count(partition => partition.Leader >= 0);

    public void Dispose() => Admin.Dispose();

    private sealed class NullableText : ISerializer<string?>, IDeserializer<string?>
    {
        public static readonly NullableText Instance = new();

        public byte[] Serialize(string? data, SerializationContext context) =>
            data is null ? null! : Serializers.Utf8.Serialize(data, context);

        public string? Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) =>
            isNull ? null : Deserializers.Utf8.Deserialize(data, isNull, context);
    }
}
