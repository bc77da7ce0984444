using Veltrix.Broker.Log;
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
    public Task<bool> CommitPending(Group group, long producerId, TopicPartition partition, CommittedOffset offset) =>
        group.TryBeginChange()
            ? _journal.Put(
                GroupKeys.ForPendingOffset(group.Id, partition, producerId),
                GroupKeys.Write(offset),
                durable => group.EndChange(durable, () => group.SetPendingOffset(producerId, partition, offset))
            )
            : Task.FromResult(false);

    /// <summary>
    /// Ends what a transaction holds in a group: its offsets become the group's, or are forgotten. True once that is
    /// durable; until then all of them stay, and it can be done again.
    /// </summary>
    public async Task<bool> EndTransactionAsync(string groupId, long producerId, bool commit)
    {
        // A group that is being removed takes with it what it holds.
        if (Find(groupId) is not { } group || group.PendingOffsetsOf(producerId) is not { Count: > 0 } pending)
            return true;
        if (!group.TryBeginChange())
            return false;
        var changes = new List<JournalChange>();
        foreach (var (partition, offset) in pending)
        {
            // In this order: a crash leaves the first of the two or both.
            if (commit)
                changes.Add(new(GroupKeys.ForOffset(group.Id, partition), GroupKeys.Write(offset)));
            changes.Add(JournalChange.Removal(GroupKeys.ForPendingOffset(group.Id, partition, producerId)));
        }
        changes[^1] = changes[^1] with
        {
            Settled = durable => group.EndChange(durable, () => group.EndPending(producerId, pending, commit)),
        };
        return await _journal.Write([.. changes]);
    }

    private static IEnumerable<string> PendingKeysOf(Group group) =>
        group.PendingProducers.SelectMany(producerId =>
            group
                .PendingOffsetsOf(producerId)
                .Keys.Select(partition => GroupKeys.ForPendingOffset(group.Id, partition, producerId))
        );
}
