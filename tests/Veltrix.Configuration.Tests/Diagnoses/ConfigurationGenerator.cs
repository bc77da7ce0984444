namespace Veltrix.Configuration.Tests.Diagnoses;

/// <summary>Makes good configurations from a seed, and mutates them in one known way each.</summary>
internal sealed class ConfigurationGenerator(int seed)
{
    // A fixed seed gives the same documents on every machine and .NET version that keeps its algorithm.
    private readonly Random _random = new(seed);

    /// <summary>The known ways to lose, reorder or refuse events, with the code of the rule that must say so.</summary>
    public static IReadOnlyList<(
        string Code,
        Func<PlatformConfiguration, PlatformConfiguration> Mutate
    )> Mutations { get; } =
    [
        ("DOC-101", good => Producer(good, p => p with { Acks = ProducerAcks.Leader })),
        ("DOC-101", good => Producer(good, p => p with { Acks = ProducerAcks.None })),
        ("DOC-102", good => Consumer(good, c => c with { EnableAutoCommit = true })),
        ("DOC-103", good => Consumer(good, c => c with { AutoOffsetReset = OffsetReset.Latest })),
        ("DOC-104", good => good with { Traffic = good.Traffic with { ProcessorOutageMinutes = 525_600 } }),
        ("DOC-105", good => Topics(good, t => t with { ReplicationFactor = 3, MinimumInsyncReplicas = 1 })),
        ("DOC-106", good => Topics(good, t => t with { ReplicationFactor = 3, MinimumInsyncReplicas = 4 })),
        ("DOC-108", good => good with { Traffic = good.Traffic with { LargestEventBytes = 1_000_000 } }),
        ("DOC-202", good => Producer(good, p => p with { EnableIdempotence = false })),
        ("DOC-203", good => Producer(good, p => p with { MaximumInFlightRequests = 50 })),
        ("DOC-301", good => good with { Limits = good.Limits with { FileDescriptors = 256 } }),
        ("DOC-303", good => good with { Limits = good.Limits with { MemoryBytes = 128 * 1024 * 1024 } }),
        ("DOC-306", good => good with { Limits = good.Limits with { DiskBytes = 1_000_000 } }),
        (
            "DOC-401",
            good => good with { Traffic = good.Traffic with { EventsPerSecond = 50_000_000, BurstFactor = 1 } }
        ),
        ("DOC-501", good => Producer(good, p => p with { RequestTimeoutMilliseconds = p.DeliveryTimeoutMilliseconds })),
        (
            "DOC-502",
            good =>
                good with
                {
                    Processor = good.Processor with
                    {
                        HandlerTimeoutMilliseconds = good.Processor.Consumer.MaximumPollIntervalMilliseconds,
                    },
                }
        ),
        (
            "DOC-504",
            good => Consumer(good, c => c with { HeartbeatIntervalMilliseconds = c.SessionTimeoutMilliseconds })
        ),
    ];

    /// <summary>A configuration that holds its own traffic on its own machine, with room to spare.</summary>
    public PlatformConfiguration Good()
    {
        var copies = Pick(-1, 3, 5);
        var traffic = new TrafficConfiguration(
            EventsPerSecond: Between(1, 400),
            BurstFactor: Between(1, 15),
            BurstSeconds: Between(0, 300),
            AverageEventBytes: Between(50, 900),
            LargestEventBytes: Between(1_000, 100_000),
            HottestKeyShare: Between(0, 30),
            BrokerOutageSeconds: Between(0, 7),
            ProcessorOutageMinutes: Between(0, 1_000)
        );
        return new PlatformConfiguration(
            [new ClusterConfiguration("kafka", [Topic("first", copies), Topic("second", copies)])],
            [
                new EventTypeConfiguration("com.example.first", "first"),
                new EventTypeConfiguration("com.example.*", "second"),
            ],
            Ingest(),
            Processor(),
            new WorkflowConfiguration(Between(1, 100_000)),
            Machine(),
            traffic
        );
    }

    private TopicConfiguration Topic(string name, int copies) =>
        new(name, Between(6, 50), copies, copies > 0 ? copies - 1 : 0, Between(48, 200));

    private IngestConfiguration Ingest() =>
        new(
            MaximumBodyBytes: Between(1, 8) << 20,
            MaximumBatchEvents: Between(10, 5_000),
            MaximumEventBytes: Between(150_000, 900_000),
            MaximumBytesInFlight: (long)Between(64, 256) << 20,
            Producer: new ProducerConfiguration(
                LingerMilliseconds: Between(0, 50),
                BatchBytes: Between(16, 976) * 1_024,
                DeliveryTimeoutMilliseconds: Between(8_000, 20_000),
                RequestTimeoutMilliseconds: Between(1_000, 6_000),
                Compression: Pick(ProducerCompression.None, ProducerCompression.Lz4, ProducerCompression.Zstd),
                MaximumInFlightRequests: Between(1, 5)
            )
        );

    private ProcessorConfiguration Processor() =>
        new(
            Workers: Between(1, 8),
            MaximumBatchEvents: Between(500, 5_000),
            MaximumBatchBytes: Between(8, 32) << 20,
            BatchSpacingMilliseconds: Between(0, 50),
            HandlerTimeoutMilliseconds: Between(5_000, 40_000),
            Retry: new RetryConfiguration(Between(10, 200), Between(1_000, 20_000)),
            Consumer: new ConsumerConfiguration(
                SessionTimeoutMilliseconds: Between(6_000, 40_000),
                HeartbeatIntervalMilliseconds: Between(500, 2_000),
                MaximumPollIntervalMilliseconds: Between(45_000, 300_000),
                FetchWaitMilliseconds: Between(10, 500),
                QueuedKilobytes: Between(1_024, 65_536)
            )
        );

    private LimitsConfiguration Machine() =>
        new(
            Cores: Between(2, 32),
            MemoryBytes: (long)Between(4, 64) << 30,
            FileDescriptors: Between(100_000, 1_000_000),
            DiskBytes: Between(2, 20) * 1_000_000_000_000L,
            Connections: Between(100_000, 1_000_000),
            IngestNodes: Between(2, 6),
            ProcessorNodes: Between(1, 6)
        );

    // The generator needs variety, not secrets.
#pragma warning disable CA5394
    private int Between(int minimum, int maximum) => _random.Next(minimum, maximum + 1);
#pragma warning restore CA5394

    private T Pick<T>(params T[] values) => values[Between(0, values.Length - 1)];

    private static PlatformConfiguration Producer(
        PlatformConfiguration good,
        Func<ProducerConfiguration, ProducerConfiguration> change
    ) => good with { Ingest = good.Ingest with { Producer = change(good.Ingest.Producer) } };

    private static PlatformConfiguration Consumer(
        PlatformConfiguration good,
        Func<ConsumerConfiguration, ConsumerConfiguration> change
    ) => good with { Processor = good.Processor with { Consumer = change(good.Processor.Consumer) } };

    private static PlatformConfiguration Topics(
        PlatformConfiguration good,
        Func<TopicConfiguration, TopicConfiguration> change
    ) =>
        good with
        {
            Clusters =
            [
                .. good.Clusters.Select(cluster => cluster with { Topics = [.. cluster.Topics.Select(change)] }),
            ],
        };
}
