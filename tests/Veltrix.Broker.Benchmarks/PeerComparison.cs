using System.Globalization;
using Veltrix.Testing;

namespace Veltrix.Broker.Benchmarks;

/// <summary>The same work on Veltrix.Broker and on a real Apache Kafka, one after the other in turns, on the same machine.</summary>
internal sealed class PeerComparison(IReadOnlyList<IMeasuredBroker> brokers)
{
    private const int ValueBytes = 200;
    private const int Turns = 5;
    private int _topics;

    /// <summary>One producer and one partition.</summary>
    public void Rates(int messages)
    {
        Compare("librdkafka producer, idempotent", broker => Native(broker, messages, idempotent: true));
        Compare("librdkafka producer, not idempotent", broker => Native(broker, messages, idempotent: false));
        Compare("C# producer, idempotent", broker => Managed(broker, messages));
    }

    /// <summary>One consumer that reads what one producer wrote just before.</summary>
    public void Consumption(int messages)
    {
        var filled = brokers.ToDictionary(broker => broker, broker => Filled(broker, messages));
        Compare("C# consumer", broker => ManagedClients.Consume(broker.Servers, filled[broker], messages));
        if (KafkaDistribution.TryFind() is { } kafka)
            Compare("Java consumer", broker => Java(kafka, broker, filled[broker], messages));
    }

    /// <summary>One message at a time.</summary>
    public void Latency(int messages)
    {
        foreach (var broker in brokers)
        {
            WriteBack.Finish();
            var topic = NewTopic(broker, partitions: 1);
            using var producer = new RawProducer(broker.Port, topic, 0);
            var latency = new LatencyHistogram();
            for (var index = 0; index < messages; index++)
            {
                var took = producer.ProduceAsync(CancellationToken.None).GetAwaiter().GetResult();
                if (index > messages / 10)
                    latency.Record((long)took.TotalMicroseconds);
            }
            Console.WriteLine($"| one message in flight, acknowledged | {broker.Name} | {latency} |");
        }
        foreach (var broker in brokers)
        {
            var latency = ManagedClients.EndToEnd(broker, NewTopic(broker, partitions: 1), messages);
            Console.WriteLine($"| one message in flight, at its consumer | {broker.Name} | {latency} |");
        }
    }

    /// <summary>Runs it on each broker in turns, so that whatever else the machine does hits all of them, and prints the medians.</summary>
    private void Compare(string title, Func<IMeasuredBroker, double> run)
    {
        var rates = brokers.ToDictionary(broker => broker, _ => new List<double>());
        for (var turn = 0; turn < Turns; turn++)
        {
            foreach (var broker in brokers)
            {
                WriteBack.Finish();
                rates[broker].Add(run(broker));
            }
        }
        foreach (var broker in brokers)
        {
            var sorted = rates[broker].Order().ToList();
            var ratios = rates[brokers[0]].Zip(rates[broker], (ours, theirs) => ours / theirs).Order().ToList();
            var all = string.Join(' ', sorted.Select(rate => Millions(rate)));
            var ratio = broker == brokers[0] ? "" : $"; Veltrix is {Number(ratios[Turns / 2])} times as fast";
            Console.WriteLine($"| {title} | {broker.Name} | median {Millions(sorted[Turns / 2])} M/s ({all}){ratio} |");
        }
    }

    private double Native(IMeasuredBroker broker, int messages, bool idempotent)
    {
        var settings = new Dictionary<string, string>
        {
            ["linger.ms"] = "5",
            ["batch.size"] = "1000000",
            ["acks"] = "all",
            ["enable.idempotence"] = idempotent ? "true" : "false",
        };
        using var producer = new NativeProducer(broker.Servers, NewTopic(broker, partitions: 1), settings);
        return producer.Produce(messages, ValueBytes, 1).MessagesPerSecond;
    }

    private double Managed(IMeasuredBroker broker, int messages) =>
        ManagedClients.Produce(broker.Servers, NewTopic(broker, partitions: 1), messages, ValueBytes);

    private static double Java(KafkaDistribution kafka, IMeasuredBroker broker, string topic, int messages)
    {
        string[] read = ["--topic", topic, "--messages", $"{messages}", "--timeout", "60000"];
        var (exitCode, output, errors) = kafka
            .RunAsync(
                "org.apache.kafka.tools.ConsumerPerformance",
                ["--bootstrap-server", broker.Servers, .. read],
                isLongLived: true
            )
            .GetAwaiter()
            .GetResult();
        if (exitCode != 0)
            throw new InvalidOperationException($"Kafka's consumer failed:\n{output}\n{errors}");
        // start.time, end.time, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec, rebalance.time.ms, fetch.time.ms, …
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var columns = lines[^1].Split(", ");
        return double.Parse(columns[4], CultureInfo.InvariantCulture)
            / double.Parse(columns[7], CultureInfo.InvariantCulture)
            * 1000;
    }

    private string Filled(IMeasuredBroker broker, int messages)
    {
        var topic = NewTopic(broker, partitions: 1);
        ManagedClients.Produce(broker.Servers, topic, messages, ValueBytes);
        return topic;
    }

    private string NewTopic(IMeasuredBroker broker, int partitions)
    {
        var topic = $"measured-{_topics++}";
        Topics.Create(broker.Servers, topic, partitions);
        return topic;
    }

    private static string Millions(double rate) => Number(rate / 1e6);

    private static string Number(double value) => value.ToString("F2", CultureInfo.InvariantCulture);
}
