using System.Diagnostics;

namespace Veltrix.Broker.Benchmarks;

/// <summary>The measurements; each prints rows of one table.</summary>
internal sealed class Benchmark(string programDirectory, string dataDirectory)
{
    private const int ValueBytes = 200;
    private const int Runs = 5;

    /// <summary>Enough that a thousand partitions each have a batch to fill; answers wait in line accordingly.</summary>
    private const int ManyOutstanding = 500_000;
    private static readonly Dictionary<string, string> Fast = new()
    {
        ["linger.ms"] = "5",
        ["batch.size"] = "1000000",
        ["acks"] = "all",
    };
    private static readonly Dictionary<string, string> Idempotent = new(Fast) { ["enable.idempotence"] = "true" };
    private int _topics;

    public void ManyPartitions(int messages)
    {
        using var broker = Start("partitions");
        Warm(broker);
        Row(broker, "10 partitions", Runs, () => Produce(broker, 10, messages, Fast, outstanding: ManyOutstanding));
        Row(
            broker,
            "10 partitions, idempotent",
            Runs,
            () => Produce(broker, 10, messages, Idempotent, outstanding: ManyOutstanding)
        );
        Topics.Create(broker.Servers, "thousand", 1000);
        Row(
            broker,
            "1,000 partitions",
            Runs,
            () => Produce(broker, 1000, messages, Fast, outstanding: ManyOutstanding)
        );
        Row(
            broker,
            "1,000 partitions, idempotent",
            Runs,
            () => Produce(broker, 1000, messages, Idempotent, outstanding: ManyOutstanding)
        );
        using var connections = new BackgroundConnections(broker.Port, "thousand", 1000);
        connections.Begin();
        Row(
            broker,
            "1,000 partitions and 1,000 connections that each write once a second",
            Runs,
            () => Produce(broker, 1000, messages, Fast, outstanding: ManyOutstanding)
        );
        Console.WriteLine($"|   their acknowledgements | {connections.End()} |");
        connections.Begin();
        Row(broker, "the same, the producer at 200,000/s", 3, () => Produce(broker, 1000, messages / 3, Fast, 200_000));
        Console.WriteLine($"|   acknowledgements of the connections | {connections.End()} |");
        Console.WriteLine($"| resident memory after it | {broker.ResidentBytes() >> 20} MB |");
    }

    public void Starts(int gigabytes)
    {
        using var broker = Start("starts");
        var messages = (int)(gigabytes * 1e9 / (ValueBytes + 10));
        Topics.Create(broker.Servers, "large", 10);
        using (var producer = new NativeProducer(broker.Servers, "large", Idempotent))
            producer.Produce(messages, ValueBytes, 10);
        Topics.Create(broker.Servers, "first", 1);
        for (var run = 0; run < Runs; run++)
        {
            Console.WriteLine(
                $"| clean stop with {gigabytes} GB of log | {broker.Terminate().TotalMilliseconds:F0} ms |"
            );
            Console.WriteLine($"| start to first acknowledged message | {FirstProduce(broker):F0} ms |");
        }
        for (var run = 0; run < Runs; run++)
        {
            using (var producer = new NativeProducer(broker.Servers, "large", Idempotent))
            {
                producer.Produce(2_000_000, ValueBytes, 10);
                broker.Kill();
            }
            Console.WriteLine(
                $"| kill -9 under load, start to first acknowledged message | {FirstProduce(broker):F0} ms |"
            );
        }
    }

    private BrokerUnderTest Start(string name)
    {
        var broker = new BrokerUnderTest(programDirectory, Path.Combine(dataDirectory, name));
        broker.Launch();
        broker.WaitUntilListening();
        return broker;
    }

    private void Warm(BrokerUnderTest broker)
    {
        Produce(broker, 1, 1_000_000, Idempotent);
        Produce(broker, 10, 1_000_000, Idempotent);
    }

    private NativeProducer.Result Produce(
        BrokerUnderTest broker,
        int partitions,
        int messages,
        Dictionary<string, string> settings,
        int messagesPerSecond = 0,
        int outstanding = 100_000
    )
    {
        var topic = partitions == 1000 ? "thousand" : $"topic-{_topics++}";
        if (partitions != 1000)
            Topics.Create(broker.Servers, topic, partitions);
        using var producer = new NativeProducer(broker.Servers, topic, settings, outstanding);
        return producer.Produce(messages, ValueBytes, partitions, messagesPerSecond);
    }

    private static double FirstProduce(BrokerUnderTest broker)
    {
        var started = Stopwatch.GetTimestamp();
        broker.Launch();
        broker.WaitUntilListening();
        using var producer = new RawProducer(broker.Port, "first", 0);
        producer.ProduceAsync(CancellationToken.None).GetAwaiter().GetResult();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static void Row(BrokerUnderTest broker, string title, int runs, Func<NativeProducer.Result> run)
    {
        var (broker0, client0) = (broker.ProcessorTime(), Environment.CpuUsage.TotalTime);
        var started = Stopwatch.GetTimestamp();
        var results = Enumerable.Range(0, runs).Select(_ => run()).OrderBy(result => result.MessagesPerSecond).ToList();
        var elapsed = Stopwatch.GetElapsedTime(started);
        var (brokerShare, clientShare) = (
            (broker.ProcessorTime() - broker0) / elapsed,
            (Environment.CpuUsage.TotalTime - client0) / elapsed
        );
        var latency = new LatencyHistogram();
        foreach (var result in results)
            latency.Add(result.Latency);
        var rates = string.Join(' ', results.Select(result => $"{result.MessagesPerSecond / 1e6:F2}"));
        Console.WriteLine(
            $"| {title} | median {results[runs / 2].MessagesPerSecond / 1e6:F2} M/s ({rates}); {latency}; cores: client {clientShare:F2}, broker {brokerShare:F2} |"
        );
    }
}
