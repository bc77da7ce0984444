using LibrdkafkaRedist;
using Veltrix.Broker.Benchmarks;

// tools/benchmark-broker gives: the published broker, a directory for its data, what to measure.
var (program, data, what) = (args[0], args[1], args.Skip(2).ToHashSet(StringComparer.Ordinal));
await Librdkafka.EnsureAsync(Console.Error.WriteLine, CancellationToken.None);
Compare("rates", brokers => new PeerComparison(brokers).Rates(3_000_000));
Compare("consumption", brokers => new PeerComparison(brokers).Consumption(3_000_000));
Compare("latency", brokers => new PeerComparison(brokers).Latency(10_000));
CompareWith(
    "partitions",
    directory => Kafkas(directory).Prepend(Ours(Path.Combine(directory, "unsynced"), "Broker:Durability=none")),
    brokers => new ManyPartitions(brokers).Run(2_000_000)
);
CompareWith(
    "slices",
    directory => [Ours(Path.Combine(directory, "unsliced"), "Broker:TimeSliceMicroseconds=0")],
    brokers => new PeerComparison(brokers).Rates(3_000_000)
);
Console.WriteLine("| measured | result |");
Console.WriteLine("|---|---|");
Measure(
    "commit",
    () =>
    {
        using var costs = new CommitCosts(Path.Combine(data, "commit"));
        costs.Run();
    }
);
Measure("starts", () => new Starts(program, Path.Combine(data, "starts")).Run(gigabytes: 10));

void Measure(string name, Action measure)
{
    if (what.Count > 0 && !what.Contains(name))
        return;
    measure();
    // Each writes gigabytes: no disk is asked to hold those of all.
    if (Directory.Exists(Path.Combine(data, name)))
        Directory.Delete(Path.Combine(data, name), recursive: true);
}

// Each comparison with brokers of its own. Without a Kafka to start there is nothing beside ours.
void Compare(string name, Action<IReadOnlyList<IMeasuredBroker>> compare) => CompareWith(name, Kafkas, compare);

IEnumerable<IMeasuredBroker> Kafkas(string directory) =>
    new[] { true, false }
        .Select(flushes =>
            MeasuredKafka.TryStart(Path.Combine(directory, flushes ? "kafka-flushing" : "kafka"), flushes)
        )
        .OfType<IMeasuredBroker>();

void CompareWith(
    string name,
    Func<string, IEnumerable<IMeasuredBroker>> others,
    Action<IReadOnlyList<IMeasuredBroker>> compare
) =>
    Measure(
        name,
        () =>
        {
            var directory = Path.Combine(data, name);
            List<IMeasuredBroker> brokers = [];
            try
            {
                brokers.Add(Ours(Path.Combine(directory, "veltrix")));
                brokers.AddRange(others(directory));
                Console.WriteLine("| measured | broker | result |");
                Console.WriteLine("|---|---|---|");
                compare(brokers);
                foreach (var broker in brokers)
                    Console.WriteLine(
                        $"| resident memory after it | {broker.Name} | {broker.ResidentBytes() >> 20} MB |"
                    );
                Console.WriteLine();
            }
            finally
            {
                brokers.ForEach(broker => broker.Dispose());
            }
        }
    );

BrokerUnderTest Ours(string directory, string? option = null)
{
    var broker = new BrokerUnderTest(program, directory, option);
    broker.Launch();
    broker.WaitUntilListening();
    return broker;
}
