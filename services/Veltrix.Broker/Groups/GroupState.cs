namespace Veltrix.Broker.Groups;

/// <summary>Where a consumer group stands in Kafka's classic rebalance protocol.</summary>
internal enum GroupState
{
    /// <summary>No members; offsets may remain.</summary>
    Empty,

    /// <summary>Waiting for every member to join.</summary>
    PreparingRebalance,

    /// <summary>Waiting for the leader's assignment.</summary>
    CompletingRebalance,

    /// <summary>Every member has its assignment.</summary>
    Stable,

    /// <summary>Removed; whoever holds it looks it up again.</summary>
    Dead,
}
