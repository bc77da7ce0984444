namespace Veltrix.Configuration.Diagnoses;

/// <summary>What is there: brokers, their topics, and the event types that processors handle.</summary>
/// <param name="Brokers">Number of brokers, at least 1.</param>
/// <param name="Topics">Topics of the brokers.</param>
/// <param name="HandledTypes">Event types, or prefixes that end in <c>.*</c>, that have a handler; null when that is not known.</param>
public sealed record Topology(
    int Brokers,
    IReadOnlyList<TopicTopology> Topics,
    IReadOnlyList<string>? HandledTypes = null
);

/// <summary>A topic as the broker has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Partitions">Its number of partitions.</param>
/// <param name="ReplicationFactor">Copies of each partition.</param>
/// <param name="MinimumInsyncReplicas">Copies that must have a record before it is acknowledged.</param>
/// <param name="RetentionHours">Hours that it keeps records; null when that is not known.</param>
public sealed record TopicTopology(
    string Name,
    int Partitions,
    int ReplicationFactor = 1,
    int MinimumInsyncReplicas = 1,
    int? RetentionHours = null
);
