namespace Veltrix.Configuration;

/// <summary>The one document that drives every node. Immutable; a change is a new version of it.</summary>
/// <param name="Clusters">Kafka clusters and the topics that Veltrix keeps on them; at least one.</param>
/// <param name="EventTypes">What may come in, and where it goes; the first match wins.</param>
/// <param name="Ingest">Limits of the front door.</param>
/// <param name="Processor">How events are handled.</param>
/// <param name="Workflows">How sagas run.</param>
public sealed record PlatformConfiguration(
    IReadOnlyList<ClusterConfiguration> Clusters,
    IReadOnlyList<EventTypeConfiguration> EventTypes,
    IngestConfiguration Ingest,
    ProcessorConfiguration Processor,
    WorkflowConfiguration Workflows
)
{
    /// <summary>The lossless, conservative start: the reference workload on one cluster.</summary>
    public static PlatformConfiguration Default { get; } =
        new(
            [
                new ClusterConfiguration(
                    "kafka",
                    [
                        new TopicConfiguration("hunts", 6),
                        new TopicConfiguration("players", 6),
                        new TopicConfiguration("github", 6),
                    ]
                ),
            ],
            [
                new EventTypeConfiguration("com.veltrix.hunt.started", "hunts"),
                new EventTypeConfiguration("com.veltrix.clue.found", "hunts"),
                new EventTypeConfiguration("com.veltrix.treasure.claimed", "hunts"),
                new EventTypeConfiguration("com.veltrix.hunt.abandoned", "hunts"),
                new EventTypeConfiguration("com.veltrix.player.moved", "players"),
                new EventTypeConfiguration("com.github.*", "github"),
            ],
            new IngestConfiguration(),
            new ProcessorConfiguration(),
            new WorkflowConfiguration()
        );
}

/// <summary>A Kafka cluster.</summary>
/// <param name="Name">Name of the connection string that leads to it.</param>
/// <param name="Topics">Topics that ingest and processor create when they are missing.</param>
public sealed record ClusterConfiguration(string Name, IReadOnlyList<TopicConfiguration> Topics);

/// <summary>A topic.</summary>
/// <param name="Name">Name, 1 to 249 of a-z, A-Z, 0-9, '.', '_', '-'.</param>
/// <param name="Partitions">Number of partitions, 1 to 1000; only taken when the topic is created.</param>
public sealed record TopicConfiguration(string Name, int Partitions);

/// <summary>Routes events of a type to a topic.</summary>
/// <param name="Type">CloudEvents type; a trailing <c>.*</c> matches every type with that prefix.</param>
/// <param name="Topic">Name of a topic of the clusters.</param>
public sealed record EventTypeConfiguration(string Type, string Topic)
{
    /// <summary>Whether <paramref name="type"/> is this type, or begins with its prefix.</summary>
    public bool Matches(string type) =>
        Type.EndsWith(".*", StringComparison.Ordinal)
            ? type.AsSpan().StartsWith(Type.AsSpan(0, Type.Length - 1), StringComparison.Ordinal)
            : string.Equals(Type, type, StringComparison.Ordinal);
}

/// <summary>Limits of the front door.</summary>
/// <param name="MaximumBodyBytes">Largest request body, in bytes.</param>
/// <param name="MaximumBatchEvents">Most events in one batch.</param>
/// <param name="MaximumEventBytes">Largest record (key, headers and value), in bytes.</param>
/// <param name="MaximumBytesInFlight">Most bytes that one node holds between the request and Kafka's acknowledgement.</param>
public sealed record IngestConfiguration(
    int MaximumBodyBytes = 4 * 1024 * 1024,
    int MaximumBatchEvents = 1_000,
    int MaximumEventBytes = 512 * 1024,
    long MaximumBytesInFlight = 64 * 1024 * 1024
);

/// <summary>How events are handled.</summary>
/// <param name="Workers">How many workers of one node share a polled batch, split by key.</param>
/// <param name="MaximumBatchEvents">Most events that one transaction handles.</param>
/// <param name="MaximumBatchBytes">Most bytes that one polled batch holds.</param>
public sealed record ProcessorConfiguration(
    int Workers = 2,
    int MaximumBatchEvents = 2_000,
    int MaximumBatchBytes = 16 * 1024 * 1024
);

/// <summary>How sagas run.</summary>
/// <param name="HuntTimeoutMinutes">After how many minutes without an end a hunt times out.</param>
public sealed record WorkflowConfiguration(int HuntTimeoutMinutes = 1_440);
