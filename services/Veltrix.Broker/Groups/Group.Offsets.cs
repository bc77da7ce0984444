using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Groups;

/// <summary>The offsets that a group committed.</summary>
internal sealed partial class Group
{
    private readonly Dictionary<TopicPartition, CommittedOffset> _offsets = [];

    public IReadOnlyDictionary<TopicPartition, CommittedOffset> Offsets
    {
        get
        {
            lock (_gate)
                return new Dictionary<TopicPartition, CommittedOffset>(_offsets);
        }
    }

    /// <summary>
    /// Whether this member may commit. A consumer without membership (generation -1) may when the group has no members.
    /// </summary>
    public ErrorCode CheckCommit(string memberId, string? instanceId, int generation)
    {
        lock (_gate)
        {
            if (State == GroupState.Dead)
                return ErrorCode.CoordinatorNotAvailable;
            if (generation < 0 && State == GroupState.Empty)
                return ErrorCode.None;
            var refused = Validate(memberId, instanceId, generation);
            if (refused != ErrorCode.None)
                return refused;
            Touch(_members[memberId]);
            return State == GroupState.CompletingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
        }
    }

    public void SetOffset(TopicPartition partition, CommittedOffset offset)
    {
        lock (_gate)
            _offsets[partition] = offset;
    }

    public bool RemoveOffset(TopicPartition partition)
    {
        lock (_gate)
            return _offsets.Remove(partition);
    }

    /// <summary>When the newest of its offsets was committed.</summary>
    public DateTimeOffset LastCommit
    {
        get
        {
            lock (_gate)
                return _offsets.Count == 0
                    ? DateTimeOffset.MinValue
                    : DateTimeOffset.FromUnixTimeMilliseconds(
                        _offsets.Values.Max(offset => offset.CommittedAtMilliseconds)
                    );
        }
    }
}
