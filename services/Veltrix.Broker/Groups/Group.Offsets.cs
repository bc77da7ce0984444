using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Groups;

/// <summary>The offsets that a group committed.</summary>
internal sealed partial class Group
{
    private readonly Dictionary<TopicPartition, CommittedOffset> _offsets = [];

    // Changes of offsets that are written and not durable yet.
    private int _changes;

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

    /// <summary>An offset is about to be written: the group may not be removed before <see cref="EndChange"/>. False when it is removed.</summary>
    public bool TryBeginChange()
    {
        lock (_gate)
        {
            if (State == GroupState.Dead)
                return false;
            _changes++;
            return true;
        }
    }

    /// <summary>The change is made once it is durable.</summary>
    public void EndChange(bool isDurable, Action change)
    {
        lock (_gate)
        {
            _changes--;
            if (isDurable)
                change();
        }
    }

    public void SetOffset(TopicPartition partition, CommittedOffset offset)
    {
        lock (_gate)
            _offsets[partition] = offset;
    }

    public void RemoveOffset(TopicPartition partition)
    {
        lock (_gate)
            _offsets.Remove(partition);
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
