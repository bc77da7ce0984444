using LibrdkafkaRedist;
using Veltrix.Broker.Benchmarks;

// tools/benchmark-broker gives: the published broker, a directory for its data, what to measure.
var (program, data, what) = (args[0], args[1], args.Skip(2).ToHashSet(StringComparer.Ordinal));
await Librdkafka.EnsureAsync(Console.Error.WriteLine, CancellationToken.None);
var benchmark = new Benchmark(program, data);
Compare("rates", comparison => comparison.Rates(3_000_000));
Compare("consumption", comparison => comparison.Consumption(3_000_000));
Compare("latency", comparison => comparison.Latency(10_000));
Console.WriteLine("| measured | result |");
Console.WriteLine("|---|---|");
Measure("partitions", () => benchmark.ManyPartitions(3_000_000));
Measure(
    "commit",
    () =>
    {
        using var costs = new CommitCosts(Path.Combine(data, "commit"));
        costs.Run();
    }
);
Measure("starts", () => benchmark.Starts(gigabytes: 10));

void Measure(string name, Action measure)
{
    if (what.Count == 0 || what.Contains(name))
        measure();
}

// Each comparison with brokers of its own. Without a Kafka to start there is nothing beside ours.
void Compare(string name, Action<PeerComparison> compare)
{
    if (what.Count > 0 && !what.Contains(name))
        return;
    var ours = new BrokerUnderTest(program, Path.Combine(data, name));
    List<IMeasuredBroker> brokers = [ours];
    try
    {
        ours.Launch();
        ours.WaitUntilListening();
        foreach (var flushes in new[] { true, false })
        {
            if (MeasuredKafka.TryStart(Path.Combine(data, $"{name}-kafka-{flushes}"), flushes) is { } kafka)
                brokers.Add(kafka);
        }
        Console.WriteLine("| measured | broker | result |");
        Console.WriteLine("|---|---|---|");
        var comparison = new PeerComparison(brokers);
        compare(comparison);
        comparison.Memory();
        Console.WriteLine();
    }
    finally
    {
        brokers.ForEach(broker => broker.Dispose());
    }
}
