namespace Veltrix.Configuration.Diagnoses;

/// <summary>A topic as the broker has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Partitions">Its number of partitions.</param>
/// <param name="ReplicationFactor">Copies of each partition.</param>
/// <param name="MinimumInsyncReplicas">Copies that must have a record before it is acknowledged.</param>
public sealed record TopicTopology(
    string Name,
    int Partitions,
    int ReplicationFactor = 1,
    int MinimumInsyncReplicas = 1
);
