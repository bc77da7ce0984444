namespace Veltrix.Configuration.Diagnoses;

/// <summary>A topic as the broker has it; what is not known has Kafka's default.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Partitions">Its number of partitions.</param>
/// <param name="ReplicationFactor">Copies of each partition.</param>
/// <param name="MinimumInsyncReplicas">Copies that must have a record before it is acknowledged.</param>
/// <param name="CleanupPolicy">How old records go, Kafka's <c>cleanup.policy</c>: <c>delete</c>, <c>compact</c> or both.</param>
/// <param name="RetentionMilliseconds">After how many milliseconds records may be deleted, -1 is never; null when that is not known.</param>
/// <param name="RetentionBytes">Beyond how many bytes of a partition its oldest records may be deleted; -1 is never.</param>
/// <param name="MaximumMessageBytes">Largest batch of records that the broker takes, bytes.</param>
/// <param name="UncleanLeaderElection">Whether a copy that lags may become the leader.</param>
public sealed record TopicTopology(
    string Name,
    int Partitions,
    int ReplicationFactor = 1,
    int MinimumInsyncReplicas = 1,
    string CleanupPolicy = "delete",
    long? RetentionMilliseconds = null,
    long RetentionBytes = -1,
    long MaximumMessageBytes = 1_048_588,
    bool UncleanLeaderElection = false
);
