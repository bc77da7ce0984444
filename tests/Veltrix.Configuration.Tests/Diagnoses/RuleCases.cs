using Veltrix.Configuration.Diagnoses;

namespace Veltrix.Configuration.Tests.Diagnoses;

/// <summary>For each rule a subject that it must report and one, as near as possible, that it must not.</summary>
/// <param name="Code">The rule.</param>
/// <param name="Severity">The gravest severity that it must report.</param>
/// <param name="Failing">What it must report.</param>
/// <param name="Passing">What it must not.</param>
/// <param name="Fixable">Whether a change of the document removes it; what brokers have, none does.</param>
internal sealed record RuleCase(
    string Code,
    Severity Severity,
    Examination Failing,
    Examination Passing,
    bool Fixable = true
);

internal static class RuleCases
{
    private static readonly PlatformConfiguration Default = PlatformConfiguration.Default;
    private static readonly Topology ThreeBrokers = new(3, []);

    public static IReadOnlyList<RuleCase> All { get; } =
    [
        new("DOC-101", Severity.Error, Producer(p => p with { Acks = ProducerAcks.Leader }), Of(Default)),
        new("DOC-101", Severity.Error, Producer(p => p with { Acks = ProducerAcks.None }), Of(Default)),
        new("DOC-102", Severity.Error, Consumer(c => c with { EnableAutoCommit = true }), Of(Default)),
        new("DOC-103", Severity.Error, Consumer(c => c with { AutoOffsetReset = OffsetReset.Latest }), Of(Default)),
        new("DOC-111", Severity.Error, Named("eu"), Named("kafka")),
        new("DOC-111", Severity.Error, Second("eu"), Of(Default)),
        new("DOC-112", Severity.Error, Replaced("players", "players2"), Added("players2")),
        new("DOC-112", Severity.Warning, Removed("spare"), Added("spare")),
        new("DOC-104", Severity.Error, Kept(hours: 24, outageMinutes: 1_500), Kept(hours: 72, outageMinutes: 1_500)),
        new("DOC-104", Severity.Warning, Kept(hours: 24, outageMinutes: 1_000), Kept(hours: 24, outageMinutes: 700)),
        new(
            "DOC-114",
            Severity.Error,
            Had(t => t with { CleanupPolicy = "compact,delete" }),
            Had(t => t),
            Fixable: false
        ),
        // 100 events/s x 650 bytes x 3,706 s that events may wait, of 6 partitions; twice that is enough for all.
        new(
            "DOC-114",
            Severity.Warning,
            Had(t => t with { RetentionBytes = 40_000_000 }),
            Had(t => t with { RetentionBytes = 90_000_000 }),
            Fixable: false
        ),
        new(
            "DOC-114",
            Severity.Error,
            OnlyHunts(t => t with { RetentionBytes = 30_000_000 }),
            OnlyHunts(t => t with { RetentionBytes = 50_000_000 }),
            Fixable: false
        ),
        new(
            "DOC-114",
            Severity.Error,
            InForce(t => t with { RetentionMilliseconds = 3_600_000 }),
            InForce(t => t with { RetentionMilliseconds = 604_800_000 }),
            Fixable: false
        ),
        new(
            "DOC-114",
            Severity.Warning,
            InForce(t => t with { RetentionMilliseconds = 36_000_000 }),
            Had(t => t with { RetentionMilliseconds = 36_000_000 }),
            Fixable: false
        ),
        new(
            "DOC-115",
            Severity.Error,
            Had(t => t with { MaximumMessageBytes = 999_999 }),
            Had(t => t with { MaximumMessageBytes = 1_000_000 })
        ),
        new("DOC-115", Severity.Error, Had(t => t with { MaximumMessageBytes = 65_685 }), Had(t => t), Fixable: false),
        new(
            "DOC-116",
            Severity.Warning,
            Had(t => t with { UncleanLeaderElection = true }),
            Had(t => t with { UncleanLeaderElection = true, ReplicationFactor = 1 }),
            Fixable: false
        ),
        new("DOC-105", Severity.Error, Copies(copies: 3, insync: 1), Copies(copies: 3, insync: 2)),
        new("DOC-105", Severity.Warning, Copies(copies: 3, insync: 0), Copies(copies: 3, insync: 2)),
        new("DOC-106", Severity.Error, Copies(copies: 2, insync: 3), Copies(copies: 3, insync: 2)),
        new("DOC-106", Severity.Warning, Copies(copies: 2, insync: 2), Copies(copies: 1, insync: 1)),
        new(
            "DOC-107",
            Severity.Error,
            Copies(copies: 4, insync: 2) with
            {
                Topology = ThreeBrokers,
            },
            Copies(copies: 3, insync: 2) with
            {
                Topology = ThreeBrokers,
            }
        ),
        new(
            "DOC-107",
            Severity.Warning,
            Copies(copies: 1, insync: 1),
            Copies(copies: 1, insync: 1) with
            {
                Topology = new Topology(1, []),
            }
        ),
        new(
            "DOC-108",
            Severity.Error,
            Traffic(t => t with { LargestEventBytes = 524_139 }),
            Traffic(t => t with { LargestEventBytes = 524_138 })
        ),
        // No type takes the largest event; one of several may be meant for small ones.
        new("DOC-108", Severity.Error, Typed(bytes: 65_685, "com.veltrix.*"), Typed(bytes: 65_686, "com.veltrix.*")),
        new(
            "DOC-108",
            Severity.Warning,
            Typed(bytes: 649, "com.veltrix.*", "com.github.*"),
            Typed(bytes: 650, "com.veltrix.*", "com.github.*")
        ),
        new("DOC-113", Severity.Error, Requests(events: 1_001, bytes: 500), Requests(events: 1_000, bytes: 500)),
        new("DOC-113", Severity.Error, Requests(events: 1_000, bytes: 4_195), Requests(events: 1_000, bytes: 4_194)),
        new(
            "DOC-109",
            Severity.Warning,
            Traffic(t => t with { EventsPerSecond = 6_000 }),
            Traffic(t => t with { EventsPerSecond = 5_000 })
        ),
        new(
            "DOC-110",
            Severity.Warning,
            Traffic(t => t with { BrokerOutageSeconds = 10 }),
            Traffic(t => t with { BrokerOutageSeconds = 9 })
        ),
        new("DOC-201", Severity.Error, Partitions(now: 48, before: 6), Partitions(now: 6, before: 6)),
        new(
            "DOC-202",
            Severity.Error,
            Producer(p => p with { EnableIdempotence = false, MaximumInFlightRequests = 100 }),
            Of(Default)
        ),
        new(
            "DOC-203",
            Severity.Error,
            Producer(p => p with { MaximumInFlightRequests = 6 }),
            Producer(p => p with { MaximumInFlightRequests = 5 })
        ),
        new(
            "DOC-204",
            Severity.Warning,
            Of(Default with { EventTypes = Routed("players") }) with
            {
                Previous = Default,
            },
            Of(Default) with
            {
                Previous = Default,
            }
        ),
        // First match wins: an entry in front of a prefix takes its events.
        new(
            "DOC-204",
            Severity.Warning,
            Preceded(new("com.github.push", "hunts")),
            Preceded(new("com.github.push", "github"))
        ),
        new("DOC-205", Severity.Warning, There(partitions: 12), There(partitions: 6)),
        new(
            "DOC-206",
            Severity.Warning,
            Keyed("players", EventKey.Source) with
            {
                Previous = Default,
            },
            Keyed("players", EventKey.Source) with
            {
                Previous = Keyed("players", EventKey.Source).Configuration,
            }
        ),
        new(
            "DOC-206",
            Severity.Warning,
            Preceded(new("com.github.push", "github", Key: EventKey.Source)),
            Preceded(new("com.github.push", "github"))
        ),
        new("DOC-207", Severity.Warning, Of(Default with { EventTypes = Half() }), Keyed("hunts", EventKey.Subject)),
        new("DOC-208", Severity.Warning, Keyed("github", EventKey.Id), Keyed("github", EventKey.Source)),
        new(
            "DOC-301",
            Severity.Error,
            Limits(l => l with { FileDescriptors = 2_000 }),
            Limits(l => l with { FileDescriptors = 8_000 })
        ),
        new(
            "DOC-302",
            Severity.Error,
            Limits(l => l with { Connections = 2_000 }),
            Limits(l => l with { Connections = 8_000 })
        ),
        new(
            "DOC-303",
            Severity.Error,
            Ingest(i => i with { MaximumBytesInFlight = 4L << 30 }),
            Ingest(i => i with { MaximumBytesInFlight = 1L << 30 })
        ),
        new(
            "DOC-304",
            Severity.Error,
            Processor(p => p with { MaximumBatchBytes = 512 << 20, Consumer = new(QueuedKilobytes: 2_000_000) }),
            Processor(p => p with { MaximumBatchBytes = 256 << 20 })
        ),
        new(
            "DOC-305",
            Severity.Warning,
            Processor(p => p with { Workers = 9 }),
            Processor(p => p with { Workers = 8 })
        ),
        new(
            "DOC-306",
            Severity.Error,
            Limits(l => l with { DiskBytes = 20_000_000_000 }),
            Limits(l => l with { DiskBytes = 60_000_000_000 })
        ),
        // The default traffic needs 40 GB in 168 h; how much of it goes to the topic that keeps it longer, nobody knows.
        new("DOC-306", Severity.Warning, LongKept(hours: 1_000), LongKept(hours: 200)),
        new("DOC-306", Severity.Warning, LongKept(hours: 87_600), LongKept(hours: 168)),
        new("DOC-307", Severity.Error, Files(descriptors: 500), Files(descriptors: 1_200)),
        new("DOC-401", Severity.Error, Slow(eventsPerSecond: 5_000), Slow(eventsPerSecond: 3_000)),
        new("DOC-401", Severity.Warning, Slow(eventsPerSecond: 4_000), Slow(eventsPerSecond: 3_000)),
        new("DOC-402", Severity.Error, HotKey(share: 90), HotKey(share: 50)),
        // 2 nodes take 8,000 single requests/s, and 73,395 events/s in requests of 100.
        new("DOC-403", Severity.Error, Mean(8_001, eventsPerRequest: 1), Mean(8_000, eventsPerRequest: 1)),
        new("DOC-403", Severity.Warning, Mean(801, eventsPerRequest: 1), Mean(800, eventsPerRequest: 1)),
        new("DOC-403", Severity.Warning, Mean(7_340, eventsPerRequest: 100), Mean(7_339, eventsPerRequest: 100)),
        new("DOC-404", Severity.Warning, Burst(seconds: 3_600), Burst(seconds: 60)),
        // 2 cores / (30 + 1,200 / 2,000 microseconds) = 65,359 events/s.
        new("DOC-405", Severity.Error, Rate(eventsPerSecond: 66_000), Rate(eventsPerSecond: 45_000)),
        new("DOC-405", Severity.Warning, Rate(eventsPerSecond: 46_000), Rate(eventsPerSecond: 45_000)),
        // 2 cores / (465 microseconds of a request and its event + 4,800 / 22 of a transaction's share) = 2,900 events/s.
        new("DOC-406", Severity.Error, Shared(eventsPerSecond: 4_000), Shared(eventsPerSecond: 1_900)),
        new("DOC-406", Severity.Warning, Shared(eventsPerSecond: 2_500), Shared(eventsPerSecond: 1_900)),
        new(
            "DOC-501",
            Severity.Error,
            Producer(p => p with { RequestTimeoutMilliseconds = 10_000 }),
            Producer(p => p with { RequestTimeoutMilliseconds = 9_000 })
        ),
        new(
            "DOC-502",
            Severity.Error,
            Processor(p => p with { HandlerTimeoutMilliseconds = 60_000 }),
            Processor(p => p with { HandlerTimeoutMilliseconds = 59_999 })
        ),
        new(
            "DOC-503",
            Severity.Error,
            Processor(p => p with { Workers = 1, MaximumBatchEvents = 5_000, HandlerTimeoutMilliseconds = 100 }),
            Processor(p => p with { HandlerTimeoutMilliseconds = 300 })
        ),
        new(
            "DOC-504",
            Severity.Error,
            Consumer(c => c with { HeartbeatIntervalMilliseconds = 3_334 }),
            Consumer(c => c with { HeartbeatIntervalMilliseconds = 3_333 })
        ),
        new(
            "DOC-505",
            Severity.Error,
            Consumer(c => c with { SessionTimeoutMilliseconds = 60_001 }),
            Consumer(c => c with { SessionTimeoutMilliseconds = 60_000 })
        ),
        new(
            "DOC-506",
            Severity.Warning,
            Processor(p => p with { Retry = new(LongestMilliseconds: 50) }),
            Processor(p => p with { Retry = new(LongestMilliseconds: 80) })
        ),
        new(
            "DOC-601",
            Severity.Warning,
            Of(Default with { EventTypes = [.. Default.EventTypes.SkipLast(1)] }),
            Of(Default)
        ),
        new(
            "DOC-601",
            Severity.Advice,
            Moved("players", "hunts"),
            Of(Default) with
            {
                Previous = Default,
            },
            Fixable: false
        ),
        new(
            "DOC-602",
            Severity.Error,
            Of(Default) with
            {
                Topology = new Topology(1, [], ["com.veltrix.*"]),
            },
            Of(Default) with
            {
                Topology = new Topology(1, [], ["com.veltrix.*", "com.github.push"]),
            }
        ),
        new(
            "DOC-602",
            Severity.Warning,
            Of(Default) with
            {
                Previous = Default,
                Topology = new Topology(1, [], ["com.veltrix.*"]),
            },
            Of(Default) with
            {
                Previous = Default,
                Topology = new Topology(1, []),
            }
        ),
        new(
            "DOC-603",
            Severity.Warning,
            Limits(l => l with { ProcessorNodes = 7 }),
            Limits(l => l with { ProcessorNodes = 6 })
        ),
        new("DOC-604", Severity.Advice, Uneven(fewest: 1), Uneven(fewest: 2)),
        new("DOC-605", Severity.Advice, OneTopic(eventsPerSecond: 1_001), OneTopic(eventsPerSecond: 1_000)),
        new(
            "DOC-701",
            Severity.Advice,
            Limits(l => l with { ProcessorNodes = 3 }),
            Limits(l => l with { ProcessorNodes = 2 })
        ),
        new("DOC-702", Severity.Warning, Partitions(now: 51, before: 51), Partitions(now: 50, before: 50)),
        new(
            "DOC-703",
            Severity.Advice,
            Traffic(t => t with { LargestEventBytes = 2_000 }),
            Traffic(t => t with { LargestEventBytes = 20_000 })
        ),
        new(
            "DOC-704",
            Severity.Advice,
            Ingest(i => i with { MaximumBatchEvents = 10_000 }),
            Ingest(i => i with { MaximumBatchEvents = 8_000 })
        ),
        new("DOC-801", Severity.Advice, Of(Default), Of(Default) with { Topology = ThreeBrokers }, Fixable: false),
    ];

    private static Examination Of(PlatformConfiguration configuration) => new(configuration, null, null);

    private static Examination Ingest(Func<IngestConfiguration, IngestConfiguration> change) =>
        Of(Default with { Ingest = change(Default.Ingest) });

    private static Examination Producer(Func<ProducerConfiguration, ProducerConfiguration> change) =>
        Ingest(ingest => ingest with { Producer = change(ingest.Producer) });

    private static Examination Processor(Func<ProcessorConfiguration, ProcessorConfiguration> change) =>
        Of(Default with { Processor = change(Default.Processor) });

    private static Examination Consumer(Func<ConsumerConfiguration, ConsumerConfiguration> change) =>
        Processor(processor => processor with { Consumer = change(processor.Consumer) });

    private static Examination Limits(Func<LimitsConfiguration, LimitsConfiguration> change) =>
        Of(Default with { Limits = change(Default.Limits) });

    private static Examination Traffic(Func<TrafficConfiguration, TrafficConfiguration> change) =>
        Of(Default with { Traffic = change(Default.Traffic) });

    private static Examination Topics(Func<TopicConfiguration, TopicConfiguration> change) => Of(WithTopics(change));

    private static PlatformConfiguration WithTopics(Func<TopicConfiguration, TopicConfiguration> change) =>
        Default with
        {
            Clusters = [new("kafka", [.. Default.Clusters[0].Topics.Select(change)])],
        };

    private static Examination Copies(int copies, int insync) =>
        Topics(topic => topic with { ReplicationFactor = copies, MinimumInsyncReplicas = insync });

    private static Examination Partitions(int now, int before) =>
        Topics(topic => topic with { Partitions = now }) with
        {
            Previous = WithTopics(topic => topic with { Partitions = before }),
        };

    // 3 topics x 60 partitions x 3 files + 250 = 790 descriptors.
    private static Examination Files(int descriptors) =>
        Of(WithTopics(topic => topic with { Partitions = 60 }) with { Limits = new(FileDescriptors: descriptors) });

    private static Examination There(int partitions) =>
        Of(Default) with
        {
            Topology = new Topology(1, [new TopicTopology("hunts", partitions)]),
        };

    // The first of the types is limited.
    private static Examination Typed(int bytes, params string[] types) =>
        Of(
            Default with
            {
                EventTypes =
                [
                    .. types.Select(
                        (type, index) => new EventTypeConfiguration(type, "hunts", index == 0 ? bytes : null)
                    ),
                ],
            }
        );

    private static Examination Requests(int events, int bytes) =>
        Traffic(t => t with { EventsPerRequest = events, AverageEventBytes = bytes });

    private static Examination Named(string cluster) =>
        Of(Default with { Clusters = [Default.Clusters[0] with { Name = cluster }] });

    private static Examination Second(string cluster) =>
        Of(
            Default with
            {
                Clusters = [Default.Clusters[0], new(cluster, [new("orders", 6)])],
                EventTypes = [.. Default.EventTypes, new("com.example.order.*", "orders")],
            }
        );

    private static PlatformConfiguration Without(string topic) =>
        Default with
        {
            Clusters = [new("kafka", [.. Default.Clusters[0].Topics.Where(kept => kept.Name != topic)])],
        };

    private static PlatformConfiguration With(PlatformConfiguration configuration, string topic) =>
        configuration with
        {
            Clusters = [new("kafka", [.. configuration.Clusters[0].Topics, new(topic, 6)])],
        };

    private static PlatformConfiguration Rerouted(PlatformConfiguration configuration, string from, string to) =>
        configuration with
        {
            EventTypes =
            [
                .. configuration.EventTypes.Select(type => type.Topic == from ? type with { Topic = to } : type),
            ],
        };

    private static Examination Replaced(string topic, string by) =>
        Of(Rerouted(With(Without(topic), by), topic, by)) with
        {
            Previous = Default,
        };

    private static Examination Added(string topic) => Of(With(Default, topic)) with { Previous = Default };

    private static Examination Removed(string topic) => Of(Default) with { Previous = With(Default, topic) };

    private static Examination Moved(string from, string to) =>
        Of(Rerouted(Default, from, to)) with
        {
            Previous = Default,
        };

    private static Examination Preceded(EventTypeConfiguration first) =>
        Of(Default with { EventTypes = [first, .. Default.EventTypes] }) with
        {
            Previous = Default,
        };

    // The broker has the first topic.
    private static Examination Had(Func<TopicTopology, TopicTopology> change) =>
        Of(Default) with
        {
            Topology = new Topology(3, [change(new TopicTopology("hunts", 6, 3, 2))]),
        };

    private static Examination InForce(Func<TopicTopology, TopicTopology> change) =>
        Had(change) with
        {
            Previous = Default,
        };

    private static Examination OnlyHunts(Func<TopicTopology, TopicTopology> change) =>
        Had(change) with
        {
            Configuration = Default with
            {
                EventTypes = [.. Default.EventTypes.Select(type => type with { Topic = "hunts" })],
            },
        };

    private static Examination Kept(int hours, int outageMinutes) =>
        Of(
            WithTopics(topic => topic with { RetentionHours = hours }) with
            {
                Traffic = new(ProcessorOutageMinutes: outageMinutes),
            }
        );

    // One topic of three, on 100 GB.
    private static Examination LongKept(int hours) =>
        Topics(topic => topic.Name == "github" ? topic with { RetentionHours = hours } : topic);

    private static Examination Uneven(int fewest) =>
        Topics(topic => topic with { Partitions = topic.Name == "github" ? fewest : 6 });

    private static IReadOnlyList<EventTypeConfiguration> Routed(string topic) =>
        [.. Default.EventTypes.Select((type, index) => index == 0 ? type with { Topic = topic } : type)];

    private static Examination Keyed(string topic, EventKey key) =>
        Of(
            Default with
            {
                EventTypes =
                [
                    .. Default.EventTypes.Select(type => type.Topic == topic ? type with { Key = key } : type),
                ],
            }
        );

    private static IReadOnlyList<EventTypeConfiguration> Half() =>
        [.. Default.EventTypes.Select((type, index) => index == 0 ? type with { Key = EventKey.Subject } : type)];

    private static Examination Shared(int eventsPerSecond) =>
        Of(Default with { Limits = new(Machines: 1), Traffic = new(EventsPerSecond: eventsPerSecond, BurstFactor: 1) });

    // 2 nodes x 5 events / (2.2 ms + 5 x 0.02 ms / 2) = 4,444 events/s.
    private static Examination Slow(int eventsPerSecond) =>
        Of(
            Default with
            {
                Processor = new(MaximumBatchEvents: 5),
                Traffic = new(EventsPerSecond: eventsPerSecond, BurstFactor: 1, HottestKeyShare: 0),
            }
        );

    private static Examination OneTopic(int eventsPerSecond) =>
        Of(
            Default with
            {
                EventTypes = [.. Default.EventTypes.Select(type => type with { Topic = "hunts" })],
                Traffic = new(EventsPerSecond: eventsPerSecond),
            }
        );

    private static Examination Rate(int eventsPerSecond) => Traffic(t => t with { EventsPerSecond = eventsPerSecond });

    private static Examination Mean(int eventsPerSecond, int eventsPerRequest) =>
        Traffic(t => t with { EventsPerSecond = eventsPerSecond, EventsPerRequest = eventsPerRequest });

    // One key: 10 events / (2.2 ms + 10 x 0.02 ms) = 4,167 events/s.
    private static Examination HotKey(int share) =>
        Of(
            Default with
            {
                Processor = new(MaximumBatchEvents: 10),
                Traffic = new(EventsPerSecond: 5_000, BurstFactor: 1, HottestKeyShare: share),
            }
        );

    private static Examination Burst(int seconds) =>
        Of(
            Default with
            {
                Processor = new(MaximumBatchEvents: 5),
                Traffic = new(EventsPerSecond: 2_000, BurstFactor: 3, BurstSeconds: seconds, HottestKeyShare: 0),
            }
        );
}
