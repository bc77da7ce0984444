using Confluent.Kafka;
using LibrdkafkaRedist;
using Microsoft.Extensions.Logging.Abstractions;
using Veltrix.Broker.Log;
using Veltrix.Broker.Network;

namespace Veltrix.Broker.Tests;

/// <summary>A broker inside the test's process, on a free port and a directory of its own.</summary>
internal sealed class TestBroker : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly BrokerMetrics _metrics = new();
    private readonly Action<BrokerOptions>? _configure;
    private KafkaServer? _server;

    private TestBroker(Action<BrokerOptions>? configure) => _configure = configure;

    public BrokerNode Node { get; private set; } = null!;

    public KafkaServer Server => _server!;

    public int Port { get; private set; }

    public string Servers => $"127.0.0.1:{Port}";

    public static async Task<TestBroker> StartAsync(Action<BrokerOptions>? configure = null)
    {
        await Librdkafka.EnsureAsync(Console.Error.WriteLine, TestContext.Current.CancellationToken);
        var broker = new TestBroker(configure);
        await broker.StartServerAsync();
        return broker;
    }

    /// <summary>Stops it, and starts it again on the same port and data.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartServerAsync();
    }

    public Task CreateTopicAsync(string name, int partitions = 1, Dictionary<string, string>? configuration = null) =>
        TestTopics.CreateAsync(Servers, name, partitions, configuration);

    public IProducer<string, string> Producer(Action<ProducerConfig>? configure = null)
    {
        var configuration = new ProducerConfig
        {
            BootstrapServers = Servers,
            EnableIdempotence = true,
            LingerMs = 1,
        };
        configure?.Invoke(configuration);
        return new ProducerBuilder<string, string>(configuration).Build();
    }

    public IConsumer<string, string> Consumer(string group, Action<ConsumerConfig>? configure = null) =>
        ConsumerBuilder(group, configure).Build();

    public ConsumerBuilder<string, string> ConsumerBuilder(string group, Action<ConsumerConfig>? configure = null)
    {
        var configuration = new ConsumerConfig
        {
            BootstrapServers = Servers,
            GroupId = group,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
            EnablePartitionEof = true,
            SessionTimeoutMs = 6000,
            HeartbeatIntervalMs = 200,
        };
        configure?.Invoke(configuration);
        return new ConsumerBuilder<string, string>(configuration);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _metrics.Dispose();
        _directory.Dispose();
    }

    private async Task StartServerAsync()
    {
        var options = new BrokerOptions
        {
            Port = Port,
            DataDirectory = _directory.Path,
            InitialRebalanceDelayMilliseconds = 20,
        };
        _configure?.Invoke(options);
        Node = new BrokerNode(options, TimeProvider.System, _metrics, NullLogger.Instance, new Disk());
        _server = new KafkaServer(Node, NullLogger<KafkaServer>.Instance);
        await _server.StartAsync(CancellationToken.None);
        Port = _server.Port;
    }

    private async Task StopAsync()
    {
        await _server!.StopAsync(CancellationToken.None);
        _server.Dispose();
        Node.Dispose();
    }
}
