using System.Collections.Concurrent;
using System.Text;
using Veltrix.Broker.Log;
using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Groups;

/// <summary>
/// All consumer groups and what they committed. This node coordinates every group. An offset changes when that is durable,
/// and in the order of the journal: what is shown, no restart takes back.
/// </summary>
internal sealed partial class GroupCoordinator : IDisposable
{
    private const int MaximumMetadataBytes = 4096;
    private static readonly TimeSpan LeastSessionTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestSessionTimeout = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<string, Group> _groups = new(StringComparer.Ordinal);
    private readonly KeyValueJournal _journal;
    private readonly BrokerOptions _options;
    private readonly TimeProvider _time;
    private readonly GroupEnvironment _environment;

    public GroupCoordinator(LogEnvironment environment, BrokerOptions options, string dataDirectory)
    {
        _options = options;
        _time = environment.Time;
        _journal = new KeyValueJournal(environment, Path.Combine(dataDirectory, "groups.journal"));
        _environment = new GroupEnvironment(
            _time,
            TimeSpan.FromMilliseconds(options.InitialRebalanceDelayMilliseconds),
            options.MaximumGroupMembers,
            (group, state) => _journal.Put(GroupKeys.ForGroup(group), state)
        );
        foreach (var (key, value) in _journal.Entries)
            Restore(key, value);
        IsFound = !_groups.IsEmpty;
    }

    /// <summary>
    /// Whether somebody has asked for the coordinator. Before that Kafka has none, and refuses what only one may answer;
    /// clients are written for that, and for nothing else.
    /// </summary>
    public bool IsFound { get; set; }

    /// <summary>Whether the disk failed: nothing that changes a group is taken until the broker starts again.</summary>
    public bool IsFailed => _journal.IsFailed;

    public IEnumerable<Group> All => _groups.Values;

    public int Count => _groups.Count;

    /// <summary>Members of the group that has most of them.</summary>
    public int LargestMemberCount => _groups.Values.Select(group => group.MemberCount).DefaultIfEmpty().Max();

    public Group? Find(string id) => _groups.GetValueOrDefault(id);

    public Task<JoinResult> JoinAsync(JoinRequest request)
    {
        var refused = CheckJoin(request);
        if (refused != ErrorCode.None)
            return Task.FromResult(new JoinResult(refused, request.MemberId));
        var group = Find(request.GroupId);
        if (group is null && request.MemberId.Length > 0)
            return Task.FromResult(new JoinResult(ErrorCode.UnknownMemberId, request.MemberId));
        group ??= GetOrAdd(request.GroupId);
        return group is null
            ? Task.FromResult(new JoinResult(ErrorCode.CoordinatorNotAvailable, request.MemberId))
            : group.JoinAsync(request);
    }

    public Task<SyncResult> SyncAsync(SyncRequest request)
    {
        var refused = Check(request.GroupId);
        if (refused != ErrorCode.None)
            return Task.FromResult(SyncResult.Refused(refused));
        return Find(request.GroupId) is { } group
            ? group.SyncAsync(request)
            : Task.FromResult(SyncResult.Refused(ErrorCode.UnknownMemberId));
    }

    /// <summary>Whether offsets may be committed, and to which group; a group without members is made when it is missing.</summary>
    public (ErrorCode Error, Group? Group) CheckCommit(
        string groupId,
        string memberId,
        string? instanceId,
        int generation
    )
    {
        var (error, group) = FindForCommit(groupId, generation, allowsNoName: true);
        return group is null ? (error, null) : (group.CheckCommit(memberId, instanceId, generation), group);
    }

    private (ErrorCode Error, Group? Group) FindForCommit(string groupId, int generation, bool allowsNoName)
    {
        var refused = Check(groupId, allowsNoName);
        if (refused != ErrorCode.None)
            return (refused, null);
        var group = Find(groupId);
        if (group is null && generation >= 0)
            return (ErrorCode.IllegalGeneration, null);
        group ??= GetOrAdd(groupId);
        return (group is null ? ErrorCode.CoordinatorNotAvailable : ErrorCode.None, group);
    }

    /// <summary>Takes over an offset once it is durable; the task says whether it became so.</summary>
    public Task<bool> Commit(Group group, TopicPartition partition, CommittedOffset offset) =>
        group.TryBeginChange()
            ? _journal.Put(
                GroupKeys.ForOffset(group.Id, partition),
                GroupKeys.Write(offset),
                durable => group.EndChange(durable, () => group.SetOffset(partition, offset))
            )
            : Task.FromResult(false);

    public static bool IsMetadataTooLarge(string? metadata) =>
        metadata is not null && Encoding.UTF8.GetByteCount(metadata) > MaximumMetadataBytes;

    public async Task<ErrorCode> DeleteAsync(string groupId)
    {
        var refused = Check(groupId, allowsNoName: true);
        if (refused != ErrorCode.None)
            return refused;
        if (Find(groupId) is not { } group)
            return ErrorCode.GroupIdNotFound;
        return await RemoveAsync(group, static _ => true);
    }

    public async Task<ErrorCode> DeleteOffsetAsync(Group group, TopicPartition partition)
    {
        if (group.MemberCount > 0)
            return ErrorCode.GroupSubscribedToTopic;
        var removal = JournalChange.Removal(
            GroupKeys.ForOffset(group.Id, partition),
            durable => group.EndChange(durable, () => group.RemoveOffset(partition))
        );
        return group.TryBeginChange() && await _journal.Write(removal)
            ? ErrorCode.None
            : ErrorCode.CoordinatorNotAvailable;
    }

    /// <summary>Offsets of a deleted topic mean nothing for a new one of the same name. True once they are gone durably.</summary>
    public Task<bool> ForgetTopicAsync(string topic) => ForgetAsync(partition => partition.Topic == topic);

    /// <summary>What a crash, or a full disk, left of offsets whose topic is gone.</summary>
    /// <param name="exists">Whether there is a topic of a name.</param>
    public Task<bool> ForgetMissingTopicsAsync(Func<string, bool> exists) =>
        ForgetAsync(partition => !exists(partition.Topic));

    /// <summary>Goes by the journal, which also has what is about to be shown.</summary>
    private async Task<bool> ForgetAsync(Func<TopicPartition, bool> which)
    {
        var removed = new List<JournalChange>();
        foreach (var (key, _) in _journal.Entries)
        {
            var (id, partition, producerId) = GroupKeys.Parse(key);
            if (partition is { } gone && which(gone))
                removed.Add(JournalChange.Removal(key, durable => Forget(durable, id, gone, producerId)));
        }
        return removed.Count == 0 || await _journal.Write([.. removed]);
    }

    private void Forget(bool durable, string id, TopicPartition partition, long? producerId)
    {
        if (!durable || Find(id) is not { } group)
            return;
        if (producerId is { } producer)
            group.RemovePendingOffset(producer, partition);
        else
            group.RemoveOffset(partition);
    }

    /// <summary>Removes groups that nobody has used for the configured time.</summary>
    public async Task RemoveExpiredAsync()
    {
        var limit = _time.GetUtcNow() - TimeSpan.FromHours(_options.OffsetRetentionHours);
        foreach (var group in All.Where(group => group.State == GroupState.Empty))
            await RemoveAsync(
                group,
                candidate =>
                    candidate.EmptySince < limit
                    && candidate.LastCommit < limit
                    && candidate.PendingProducers.Count == 0
            );
    }

    public void Dispose()
    {
        foreach (var group in _groups.Values)
            group.Dispose();
        _journal.Dispose();
    }

    private async Task<ErrorCode> RemoveAsync(Group group, Func<Group, bool> condition)
    {
        if (!group.TryEnd(condition))
            return ErrorCode.NonEmptyGroup;
        var removed = group
            .Offsets.Keys.Select(partition => GroupKeys.ForOffset(group.Id, partition))
            .Concat(PendingKeysOf(group))
            .Append(GroupKeys.ForGroup(group.Id))
            .Select(key => JournalChange.Removal(key));
        if (!await _journal.Write([.. removed]))
        {
            group.Revive();
            return ErrorCode.CoordinatorNotAvailable;
        }
        _groups.TryRemove(new KeyValuePair<string, Group>(group.Id, group));
        group.Dispose();
        return ErrorCode.None;
    }

    /// <summary>The zero byte separates the parts of the journal's keys.</summary>
    private static bool IsValidId(string id) => id.Length > 0 && !id.Contains('\0', StringComparison.Ordinal);

    /// <summary>Whether this node may answer for a group at all.</summary>
    /// <param name="groupId">The group.</param>
    /// <param name="allowsNoName">Whether it may be the group without a name, which has offsets and never a member.</param>
    public ErrorCode Check(string groupId, bool allowsNoName = false) =>
        !IsValidId(groupId) && !(allowsNoName && groupId.Length == 0) ? ErrorCode.InvalidGroupId
        : IsFound ? ErrorCode.None
        : ErrorCode.NotCoordinator;

    private ErrorCode CheckJoin(JoinRequest request)
    {
        if (!IsValidId(request.GroupId))
            return ErrorCode.InvalidGroupId;
        if (request.SessionTimeout < LeastSessionTimeout || request.SessionTimeout > LongestSessionTimeout)
            return ErrorCode.InvalidSessionTimeout;
        if (!IsFound)
            return ErrorCode.NotCoordinator;
        return request.Protocols.Count == 0 || request.ProtocolType.Length == 0
            ? ErrorCode.InconsistentGroupProtocol
            : ErrorCode.None;
    }

    private Group? GetOrAdd(string id)
    {
        if (_groups.Count >= _options.MaximumGroups)
            return Find(id);
        return _groups.GetOrAdd(id, static (key, environment) => new Group(key, environment), _environment);
    }

    private void Restore(string key, byte[] value)
    {
        var (id, partition, producerId) = GroupKeys.Parse(key);
        // A group that has offsets only never had a member; the state of any other says when it lost the last.
        var group = _groups.GetOrAdd(
            id,
            static (name, environment) => new Group(name, environment, emptySince: DateTimeOffset.MinValue),
            _environment
        );
        if (partition is { } pending && producerId is { } producer)
            group.SetPendingOffset(producer, pending, GroupKeys.ReadOffset(value));
        else if (partition is { } committed)
            group.SetOffset(committed, GroupKeys.ReadOffset(value));
        else
            group.Restore(value);
    }
}
