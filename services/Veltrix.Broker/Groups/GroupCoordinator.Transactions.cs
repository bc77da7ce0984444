using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Groups;

/// <summary>Offsets committed by transactions.</summary>
internal sealed partial class GroupCoordinator
{
    /// <summary>Whether offsets may be committed in a transaction, and to which group, which is made when it is missing.</summary>
    public (ErrorCode Error, Group? Group) CheckTransactionalCommit(
        string groupId,
        string memberId,
        string? instanceId,
        int generation
    )
    {
        var (error, group) = FindForCommit(groupId, generation, allowsNoName: false);
        return group is null
            ? (error, null)
            : (group.CheckTransactionalCommit(memberId, instanceId, generation), group);
    }

    /// <summary>Holds an offset until its transaction ends; the task says whether that became durable.</summary>
    public Task<bool> CommitPending(Group group, long producerId, TopicPartition partition, CommittedOffset offset)
    {
        group.SetPendingOffset(producerId, partition, offset);
        return _journal.Put(GroupKeys.ForPendingOffset(group.Id, partition, producerId), GroupKeys.Write(offset));
    }

    /// <summary>
    /// Ends what a transaction holds in a group: its offsets become the group's, or are forgotten. True once that is
    /// durable; doing it again does no harm.
    /// </summary>
    public async Task<bool> EndTransactionAsync(string groupId, long producerId, bool commit)
    {
        if (Find(groupId) is not { } group)
            return true;
        var written = new List<Task<bool>>();
        foreach (var (partition, offset) in group.PendingOffsetsOf(producerId))
        {
            // In this order: the journal loses only its tail, so that a crash leaves at least one of the two.
            if (commit)
                written.Add(Commit(group, partition, offset));
            group.RemovePendingOffset(producerId, partition);
            written.Add(_journal.Remove(GroupKeys.ForPendingOffset(group.Id, partition, producerId)));
        }
        return Array.TrueForAll(await Task.WhenAll(written), static durable => durable);
    }

    private List<Task<bool>> ForgetPending(Group group, Func<TopicPartition, bool> which)
    {
        var removed = new List<Task<bool>>();
        foreach (var producerId in group.PendingProducers)
        {
            foreach (var partition in group.PendingOffsetsOf(producerId).Keys.Where(which))
            {
                group.RemovePendingOffset(producerId, partition);
                removed.Add(_journal.Remove(GroupKeys.ForPendingOffset(group.Id, partition, producerId)));
            }
        }
        return removed;
    }
}
