using Veltrix.Testing;

namespace Veltrix.Broker.Benchmarks;

/// <summary>One node of a real Apache Kafka (<see cref="KafkaDistribution"/>) as a process of its own.</summary>
internal sealed class MeasuredKafka : IMeasuredBroker
{
    private const string FlushEachBatch = "log.flush.interval.messages=1";
    private readonly KafkaCluster _cluster;

    private MeasuredKafka(KafkaCluster cluster, string name, int port) =>
        (_cluster, Name, Port) = (cluster, name, port);

    public string Name { get; }

    public int Port { get; }

    /// <summary>Starts a node; null where there is none to start.</summary>
    /// <param name="directory">For its data.</param>
    /// <param name="flushes">Whether it syncs every batch before it answers, as Veltrix does.</param>
    public static MeasuredKafka? TryStart(string directory, bool flushes)
    {
        if (KafkaDistribution.TryFind() is not { } kafka)
            return null;
        var port = Servers.FreePort();
        string[] settings = flushes ? [FlushEachBatch] : [];
        var cluster = KafkaCluster.StartAsync(kafka, directory, [port], settings).GetAwaiter().GetResult();
        return new MeasuredKafka(cluster, flushes ? "Kafka, a flush per batch" : "Kafka", port);
    }

    public long ResidentBytes() => _cluster.Processes[0].ResidentBytes;

    public TimeSpan ProcessorTime() => _cluster.Processes[0].ProcessorTime;

    public void Dispose() => _cluster.DisposeAsync().AsTask().GetAwaiter().GetResult();
}
