namespace Veltrix.Configuration;

/// <summary>The one document that drives every node. Immutable; a change is a new version of it.</summary>
/// <param name="Clusters">Kafka clusters and the topics that Veltrix keeps on them; at least one.</param>
/// <param name="EventTypes">What may come in, and where it goes; the first match wins.</param>
/// <param name="Ingest">Limits of the front door.</param>
/// <param name="Processor">How events are handled.</param>
/// <param name="Workflows">How sagas run.</param>
/// <param name="Limits">What one node has; null means the defaults.</param>
/// <param name="Traffic">What to expect; null means the defaults.</param>
public sealed record PlatformConfiguration(
    IReadOnlyList<ClusterConfiguration> Clusters,
    IReadOnlyList<EventTypeConfiguration> EventTypes,
    IngestConfiguration Ingest,
    ProcessorConfiguration Processor,
    WorkflowConfiguration Workflows,
    LimitsConfiguration? Limits = null,
    TrafficConfiguration? Traffic = null
)
{
    /// <summary>What one node has.</summary>
    public LimitsConfiguration Limits { get; init; } = Limits ?? new();

    /// <summary>What to expect.</summary>
    public TrafficConfiguration Traffic { get; init; } = Traffic ?? new();

    /// <summary>The topics of the cluster with that name; none when there is no such cluster.</summary>
    public IEnumerable<TopicConfiguration> TopicsOn(string cluster) =>
        Clusters
            .Where(candidate => string.Equals(candidate.Name, cluster, StringComparison.Ordinal))
            .SelectMany(candidate => candidate.Topics);

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
