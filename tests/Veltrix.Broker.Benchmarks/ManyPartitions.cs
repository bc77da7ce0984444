using System.Globalization;

namespace Veltrix.Broker.Benchmarks;

/// <summary>
/// One native producer that writes to partitions at random: to ten, and in turns with that to a thousand. At last a
/// thousand connections write beside it.
/// </summary>
internal sealed class ManyPartitions(IReadOnlyList<IMeasuredBroker> brokers)
{
    private const int ValueBytes = 200;
    private const int Turns = 5;
    private const int Few = 10;
    private const int Many = 1000;
    private const string ManyName = "thousand";

    /// <summary>With which a thousand partitions have a hundred messages each on their way.</summary>
    private const int Outstanding = 100_000;
    private static readonly Dictionary<string, string> Settings = new()
    {
        ["linger.ms"] = "50",
        ["batch.size"] = "1000000",
        ["acks"] = "all",
    };
    private int _topics;

    private sealed record Measured(NativeProducer.Result Result, double ClientMicroseconds, double BrokerMicroseconds);

    public void Run(int messages)
    {
        foreach (var broker in brokers)
        {
            Topics.Create(broker.Servers, ManyName, Many);
            Produce(broker, Few, messages / 3);
            Produce(broker, Many, messages / 3);
        }
        var runs = brokers.ToDictionary(broker => broker, _ => new List<(Measured Few, Measured Many)>());
        for (var turn = 0; turn < Turns; turn++)
        {
            foreach (var broker in brokers)
                runs[broker].Add((Produce(broker, Few, messages), Produce(broker, Many, messages)));
        }
        foreach (var broker in brokers)
            Print(broker, runs[broker]);
        foreach (var broker in brokers)
            BesideConnections(broker, messages);
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

    private void BesideConnections(IMeasuredBroker broker, int messages)
    {
        WriteBack.Finish();
        using var connections = new BackgroundConnections(broker.Port, ManyName, Many);
        connections.Begin();
        Row(
            broker,
            $"{Many} partitions and {Many} connections that each write once a second",
            [.. Enumerable.Range(0, Turns).Select(_ => Produce(broker, Many, messages))]
        );
        Console.WriteLine($"| acknowledgements of the connections | {broker.Name} | {connections.End()} |");
    }

    private Measured Produce(IMeasuredBroker broker, int partitions, int messages)
    {
        var topic = partitions == Many ? ManyName : $"few-{_topics++}";
        if (partitions != Many)
            Topics.Create(broker.Servers, topic, partitions);
        WriteBack.Finish();
        var (client, served) = (Environment.CpuUsage.TotalTime, broker.ProcessorTime());
        using var producer = new NativeProducer(broker.Servers, topic, Settings, Outstanding);
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
