using LibrdkafkaRedist;
using Veltrix.Broker.Benchmarks;

// tools/benchmark-broker gives: the published broker, a directory for its data, what to measure.
var (program, data, what) = (args[0], args[1], args.Skip(2).ToHashSet(StringComparer.Ordinal));
await Librdkafka.EnsureAsync(Console.Error.WriteLine, CancellationToken.None);
var benchmark = new Benchmark(program, data);
Console.WriteLine("| measured | result |");
Console.WriteLine("|---|---|");
Measure("rates", () => benchmark.Rates(3_000_000));
Measure("partitions", () => benchmark.ManyPartitions(3_000_000));
Measure(
    "commit",
    () =>
    {
        using var costs = new CommitCosts(Path.Combine(data, "commit"));
        costs.Run();
    }
);
Measure("latency", () => benchmark.OneInFlight(20_000));
Measure("starts", () => benchmark.Starts(gigabytes: 10));

void Measure(string name, Action measure)
{
    if (what.Count == 0 || what.Contains(name))
        measure();
}
