using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Groups;

/// <summary>Offsets that belong to transactions which have not ended: nobody sees them, they may still be aborted.</summary>
internal sealed partial class Group
{
    private readonly Dictionary<long, Dictionary<TopicPartition, CommittedOffset>> _pendingOffsets = [];

    /// <summary>Producers whose transactions hold offsets of this group.</summary>
    public IReadOnlyList<long> PendingProducers
    {
        get
        {
            lock (_gate)
                return [.. _pendingOffsets.Keys];
        }
    }

    /// <summary>Whether a transaction that has not ended would change the partition's offset.</summary>
    public bool IsPending(TopicPartition partition)
    {
        lock (_gate)
            return _pendingOffsets.Values.Any(offsets => offsets.ContainsKey(partition));
    }

    /// <summary>
    /// Whether offsets may be committed in a transaction. A producer that does not know its consumer's membership
    /// (generation -1, no member) always may: its transactional id is what fences it. So may whoever names a member, but no
    /// generation, while there are no members.
    /// </summary>
    public ErrorCode CheckTransactionalCommit(string memberId, string? instanceId, int generation)
    {
        lock (_gate)
        {
            if (State == GroupState.Dead)
                return ErrorCode.CoordinatorNotAvailable;
            return generation < 0 && (State == GroupState.Empty || (memberId.Length == 0 && instanceId is null))
                ? ErrorCode.None
                : Validate(memberId, instanceId, generation);
        }
    }

    public void SetPendingOffset(long producerId, TopicPartition partition, CommittedOffset offset)
    {
        lock (_gate)
        {
            if (!_pendingOffsets.TryGetValue(producerId, out var offsets))
                _pendingOffsets[producerId] = offsets = [];
            offsets[partition] = offset;
        }
    }

    /// <summary>What a producer's transaction holds.</summary>
    public IReadOnlyDictionary<TopicPartition, CommittedOffset> PendingOffsetsOf(long producerId)
    {
        lock (_gate)
            return _pendingOffsets.TryGetValue(producerId, out var offsets)
                ? new Dictionary<TopicPartition, CommittedOffset>(offsets)
                : new Dictionary<TopicPartition, CommittedOffset>();
    }

    /// <summary>A producer's transaction has ended: what it held is the group's now, or nobody's.</summary>
    public void EndPending(long producerId, IReadOnlyDictionary<TopicPartition, CommittedOffset> offsets, bool commit)
    {
        foreach (var (partition, offset) in offsets)
        {
            if (commit)
                SetOffset(partition, offset);
            RemovePendingOffset(producerId, partition);
        }
    }

    public void RemovePendingOffset(long producerId, TopicPartition partition)
    {
        lock (_gate)
        {
            if (
                _pendingOffsets.TryGetValue(producerId, out var offsets)
                && offsets.Remove(partition)
                && offsets.Count == 0
            )
                _pendingOffsets.Remove(producerId);
        }
    }
}
