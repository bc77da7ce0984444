using System.Globalization;

namespace Veltrix.Broker.Benchmarks;

/// <summary>
/// One native producer that writes to partitions at random: to ten, and in turns with that to a thousand, with shorter and
/// longer queues. At last a thousand connections write beside it.
/// </summary>
internal sealed class ManyPartitions(IReadOnlyList<IMeasuredBroker> brokers)
{
    private const int ValueBytes = 200;
    private const int Turns = 5;
    private const int Few = 10;
    private const int Many = 1000;
    private const string ManyName = "thousand";

    /// <summary>With a hundred messages for each of a thousand partitions, and with five hundred.</summary>
    private static readonly Load[] Loads =
    [
        new(100_000, LingerMilliseconds: 50),
        new(500_000, LingerMilliseconds: 100),
    ];
    private int _topics;

    /// <param name="Outstanding">Messages without an answer.</param>
    /// <param name="LingerMilliseconds">How long a batch waits for further messages.</param>
    private sealed record Load(int Outstanding, int LingerMilliseconds)
    {
        public override string ToString() => $"{Outstanding} outstanding, linger {LingerMilliseconds} ms";
    }

    private sealed record Measured(NativeProducer.Result Result, double ClientMicroseconds, double BrokerMicroseconds);

    public void Run(int messages)
    {
        foreach (var broker in brokers)
        {
            Topics.Create(broker.Servers, ManyName, Many);
            Produce(broker, Loads[0], Few, messages / 3);
            Produce(broker, Loads[0], Many, messages / 3);
        }
        foreach (var load in Loads)
            InTurns(load, messages);
        foreach (var broker in brokers)
            BesideConnections(broker, Loads[0], messages);
    }

    private void InTurns(Load load, int messages)
    {
        var runs = brokers.ToDictionary(broker => broker, _ => new List<(Measured Few, Measured Many)>());
        for (var turn = 0; turn < Turns; turn++)
        {
            foreach (var broker in brokers)
                runs[broker].Add((Produce(broker, load, Few, messages), Produce(broker, load, Many, messages)));
        }
        Console.WriteLine($"| {load} | | |");
        foreach (var broker in brokers)
            Print(broker, runs[broker]);
    }

    private static void Print(IMeasuredBroker broker, List<(Measured Few, Measured Many)> pairs)
    {
        Row(broker, $"{Few} partitions", [.. pairs.Select(pair => pair.Few)]);
        Row(broker, $"{Many} partitions", [.. pairs.Select(pair => pair.Many)]);
        var ratios = pairs.Select(pair => Rate(pair.Many) / Rate(pair.Few)).Order().ToList();
        Console.WriteLine(
            $"| {Many} partitions against {Few} | {broker.Name} | median {Number(ratios[Turns / 2])} ({Numbers(ratios)}) |"
        );
    }

    /// <summary>The same while a thousand connections each write a batch once a second, each to a partition of its own.</summary>
    private void BesideConnections(IMeasuredBroker broker, Load load, int messages)
    {
        WriteBack.Finish();
        using var connections = new BackgroundConnections(broker.Port, ManyName, Many);
        var acknowledged = new LatencyHistogram();
        var runs = Enumerable.Range(0, Turns).Select(_ => (Beside(Few), Beside(Many))).ToList();
        Console.WriteLine($"| {load}, beside {Many} connections | | |");
        Print(broker, runs);
        Console.WriteLine($"| acknowledgements of the connections beside {Many} | {broker.Name} | {acknowledged} |");

        Measured Beside(int partitions)
        {
            connections.Begin();
            var measured = Produce(broker, load, partitions, messages);
            var latency = connections.End();
            if (partitions == Many)
                acknowledged.Add(latency);
            return measured;
        }
    }

    private Measured Produce(IMeasuredBroker broker, Load load, int partitions, int messages)
    {
        var settings = new Dictionary<string, string>
        {
            ["linger.ms"] = $"{load.LingerMilliseconds}",
            ["batch.size"] = "1000000",
            ["acks"] = "all",
        };
        var topic = partitions == Many ? ManyName : $"few-{_topics++}";
        if (partitions != Many)
            Topics.Create(broker.Servers, topic, partitions);
        WriteBack.Finish();
        var (client, served) = (Environment.CpuUsage.TotalTime, broker.ProcessorTime());
        using var producer = new NativeProducer(broker.Servers, topic, settings, load.Outstanding);
        var result = producer.Produce(messages, ValueBytes, partitions);
        return new Measured(
            result,
            (Environment.CpuUsage.TotalTime - client).TotalMicroseconds / messages,
            (broker.ProcessorTime() - served).TotalMicroseconds / messages
        );
    }

    private static void Row(IMeasuredBroker broker, string title, List<Measured> runs)
    {
        var rates = runs.Select(Rate).Order().ToList();
        var latency = new LatencyHistogram();
        foreach (var run in runs)
            latency.Add(run.Result.Latency);
        Console.WriteLine(
            $"| {title} | {broker.Name} | median {Number(rates[Turns / 2])} M/s ({Numbers(rates)}); {latency}; "
                + $"processor time for a message: client {Number(runs.Average(run => run.ClientMicroseconds))} µs, "
                + $"broker {Number(runs.Average(run => run.BrokerMicroseconds))} µs |"
        );
    }

    private static double Rate(Measured run) => run.Result.MessagesPerSecond / 1e6;

    private static string Numbers(IEnumerable<double> values) => string.Join(' ', values.Select(Number));

    private static string Number(double value) => value.ToString("F2", CultureInfo.InvariantCulture);
}
