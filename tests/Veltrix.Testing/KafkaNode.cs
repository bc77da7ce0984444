using System.Globalization;

namespace Veltrix.Testing;

/// <summary>One node of an Apache Kafka on loopback, broker and controller in one.</summary>
/// <param name="Id">Its number in the cluster, from 1.</param>
/// <param name="Port">Where clients find it.</param>
/// <param name="ControllerPort">Where the other nodes' controllers find it.</param>
internal sealed record KafkaNode(int Id, int Port, int ControllerPort)
{
    // 16 bytes in base64url, as Kafka writes its UUIDs. Clusters of tests share nothing, so they may share the name.
    private const string ClusterId = "dmVsdHJpeC1vZi10ZXN0cw";
    private const int MostReplicas = 3;

    private const string Logging = """
        rootLogger.level=info
        rootLogger.appenderRef.console.ref=console
        appender.console.type=Console
        appender.console.name=console
        appender.console.layout.type=PatternLayout
        appender.console.layout.pattern=%d{ISO8601} %p %c{1} %m%n
        """;

    /// <summary>Where clients find it, as bootstrap servers are written.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>Where controllers find it.</summary>
    public string Controller => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{ControllerPort}");

    /// <summary>Writes the node's properties and formats its storage.</summary>
    /// <param name="kafka">What formats it.</param>
    /// <param name="directory">The node's own; created.</param>
    /// <param name="cluster">All nodes.</param>
    /// <param name="settings">Lines of properties; they count where ours say something else.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Arguments of <c>java</c> that run it.</returns>
    public async Task<IReadOnlyList<string>> FormatAsync(
        KafkaDistribution kafka,
        string directory,
        IReadOnlyCollection<KafkaNode> cluster,
        IEnumerable<string> settings,
        CancellationToken cancellation
    )
    {
        Directory.CreateDirectory(directory);
        var properties = Path.Combine(directory, "server.properties");
        var logging = Path.Combine(directory, "log4j2.properties");
        var data = Path.Combine(directory, "data");
        // Of two lines with one name the later counts.
        await File.WriteAllLinesAsync(properties, [.. Properties(data, cluster), .. settings], cancellation);
        await File.WriteAllTextAsync(logging, Logging, cancellation);
        var (exitCode, output, errors) = await kafka.RunAsync(
            "kafka.tools.StorageTool",
            ["format", "-t", ClusterId, "-c", properties],
            cancellation: cancellation
        );
        return exitCode == 0
            ? kafka.Server(properties, logging)
            : throw new InvalidOperationException($"{directory} was not formatted:\n{output}\n{errors}");
    }

    private string[] Properties(string data, IReadOnlyCollection<KafkaNode> cluster)
    {
        var replicas = Math.Min(cluster.Count, MostReplicas);
        var inSync = Math.Max(replicas - 1, 1);
        return
        [
            "process.roles=broker,controller",
            $"node.id={Id}",
            $"controller.quorum.voters={string.Join(',', cluster.Select(node => $"{node.Id}@{node.Controller}"))}",
            $"listeners=PLAINTEXT://{Address},CONTROLLER://{Controller}",
            $"advertised.listeners=PLAINTEXT://{Address}",
            "controller.listener.names=CONTROLLER",
            "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT",
            $"log.dirs={data}",
            $"default.replication.factor={replicas}",
            $"min.insync.replicas={inSync}",
            // Kafka's own topics have 50 partitions each, which a node of a test would create for nothing.
            "offsets.topic.num.partitions=4",
            $"offsets.topic.replication.factor={replicas}",
            "transaction.state.log.num.partitions=4",
            $"transaction.state.log.replication.factor={replicas}",
            $"transaction.state.log.min.isr={inSync}",
            "share.coordinator.state.topic.num.partitions=4",
            $"share.coordinator.state.topic.replication.factor={replicas}",
            $"share.coordinator.state.topic.min.isr={inSync}",
            "group.initial.rebalance.delay.ms=0",
        ];
    }
}
