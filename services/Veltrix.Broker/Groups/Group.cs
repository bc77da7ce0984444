using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Groups;

/// <summary>
/// One consumer group: members, generation and the state machine between them. Every call takes the group's own lock;
/// one timer per group serves whichever of its deadlines comes first.
/// </summary>
internal sealed partial class Group : IDisposable
{
    private readonly Lock _gate = new();
    private readonly GroupEnvironment _environment;
    private readonly Dictionary<string, GroupMember> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _staticMembers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _pending = new(StringComparer.Ordinal);
    private readonly ITimer _timer;
    private DateTimeOffset _timerDue = DateTimeOffset.MaxValue;
    private DateTimeOffset _rebalanceDeadline;
    private bool _gathering;
    private DateTimeOffset _gatheringLimit;
    private string? _protocol;
    private string _leaderId = "";
    private Task<bool> _lastWrite = Task.FromResult(true);

    /// <param name="emptySince">When it lost its last member; now when left out.</param>
    public Group(string id, GroupEnvironment environment, DateTimeOffset? emptySince = null)
    {
        Id = id;
        _environment = environment;
        EmptySince = emptySince ?? environment.Time.GetUtcNow();
        _timer = environment.Time.CreateTimer(
            static state => ((Group)state!).OnTimer(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
    }

    public string Id { get; }

    public GroupState State { get; private set; } = GroupState.Empty;

    public int Generation { get; private set; }

    public string ProtocolType { get; private set; } = "";

    public DateTimeOffset EmptySince { get; private set; }

    public int MemberCount => _members.Count;

    private DateTimeOffset Now => _environment.Time.GetUtcNow();

    public Task<JoinResult> JoinAsync(JoinRequest request)
    {
        lock (_gate)
        {
            var result = Join(request);
            Schedule();
            return result;
        }
    }

    public async Task<SyncResult> SyncAsync(SyncRequest request)
    {
        Task<SyncResult> waiting;
        lock (_gate)
        {
            waiting = Sync(request);
            Schedule();
        }
        var result = await waiting;
        Task<bool> stored;
        lock (_gate)
            stored = _lastWrite;
        // An assignment that a crash could take back is none: the answer waits until the group's state is durable.
        return result.Error != ErrorCode.None || await stored
            ? result
            : SyncResult.Refused(ErrorCode.CoordinatorNotAvailable);
    }

    public ErrorCode Heartbeat(string memberId, string? instanceId, int generation)
    {
        lock (_gate)
        {
            if (State is GroupState.Empty or GroupState.Dead)
                return ErrorCode.UnknownMemberId;
            var refused = Validate(memberId, instanceId, generation);
            if (refused != ErrorCode.None)
                return refused;
            Touch(_members[memberId]);
            return State == GroupState.PreparingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
        }
    }

    public ErrorCode Leave(ref string memberId, string? instanceId)
    {
        lock (_gate)
        {
            if (instanceId is not null)
            {
                if (!_staticMembers.TryGetValue(instanceId, out var current))
                    return ErrorCode.UnknownMemberId;
                if (memberId.Length > 0 && memberId != current)
                    return ErrorCode.FencedInstanceId;
                memberId = current;
            }
            if (_pending.Remove(memberId))
            {
                CompleteJoinIfReady();
                return ErrorCode.None;
            }
            if (!_members.TryGetValue(memberId, out var member))
                return ErrorCode.UnknownMemberId;
            Remove(member);
            Schedule();
            return ErrorCode.None;
        }
    }

    /// <summary>Marks the group as removed, if nothing speaks against it.</summary>
    public bool TryEnd(Func<Group, bool> condition)
    {
        lock (_gate)
        {
            if (State != GroupState.Empty || _pending.Count > 0 || _changes > 0 || !condition(this))
                return false;
            State = GroupState.Dead;
            return true;
        }
    }

    /// <summary>Its end could not be made durable: it goes on.</summary>
    public void Revive()
    {
        lock (_gate)
            State = GroupState.Empty;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            State = GroupState.Dead;
            foreach (var member in _members.Values)
                Refuse(member, ErrorCode.CoordinatorNotAvailable);
        }
        _timer.Dispose();
    }

    private Task<SyncResult> Sync(SyncRequest request)
    {
        if (State is GroupState.Empty or GroupState.Dead)
            return Refused(ErrorCode.UnknownMemberId);
        var refused = Validate(request.MemberId, request.InstanceId, request.Generation);
        if (refused != ErrorCode.None)
            return Refused(refused);
        if (
            request.ProtocolType is { } type && type != ProtocolType
            || request.Protocol is { } name && name != _protocol
        )
            return Refused(ErrorCode.InconsistentGroupProtocol);
        var member = _members[request.MemberId];
        Touch(member);
        if (State == GroupState.PreparingRebalance)
            return Refused(ErrorCode.RebalanceInProgress);
        if (State == GroupState.Stable)
            return Task.FromResult(ResultFor(member));

        member.Sync?.TrySetResult(SyncResult.Refused(ErrorCode.RebalanceInProgress));
        var waiting = new TaskCompletionSource<SyncResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        member.Sync = waiting;
        if (member.Id == _leaderId)
            Assign(request.Assignments);
        return waiting.Task;

        static Task<SyncResult> Refused(ErrorCode error) => Task.FromResult(SyncResult.Refused(error));
    }

    private void Assign(IReadOnlyDictionary<string, byte[]> assignments)
    {
        foreach (var member in _members.Values)
            member.Assignment = assignments.GetValueOrDefault(member.Id) ?? [];
        State = GroupState.Stable;
        Store();
        foreach (var member in _members.Values)
        {
            Touch(member);
            member.Sync?.TrySetResult(ResultFor(member));
            member.Sync = null;
        }
    }

    private SyncResult ResultFor(GroupMember member) => new(ErrorCode.None, ProtocolType, _protocol, member.Assignment);

    private ErrorCode Validate(string memberId, string? instanceId, int generation)
    {
        var fenced = ValidateInstance(memberId, instanceId);
        if (fenced != ErrorCode.None)
            return fenced;
        if (!_members.ContainsKey(memberId))
            return ErrorCode.UnknownMemberId;
        return generation == Generation ? ErrorCode.None : ErrorCode.IllegalGeneration;
    }

    private ErrorCode ValidateInstance(string memberId, string? instanceId)
    {
        if (instanceId is null)
            return ErrorCode.None;
        if (!_staticMembers.TryGetValue(instanceId, out var current))
            return ErrorCode.UnknownMemberId;
        return current == memberId ? ErrorCode.None : ErrorCode.FencedInstanceId;
    }

    private void Touch(GroupMember member) => member.Deadline = Now + member.SessionTimeout;

    private void Remove(GroupMember member)
    {
        Refuse(member, ErrorCode.UnknownMemberId);
        _members.Remove(member.Id);
        if (member.InstanceId is not null)
            _staticMembers.Remove(member.InstanceId);
        if (_leaderId == member.Id)
            _leaderId = _members.Keys.FirstOrDefault() ?? "";
        if (State is GroupState.Stable or GroupState.CompletingRebalance)
            PrepareRebalance();
        else
            CompleteJoinIfReady();
    }

    private static void Refuse(GroupMember member, ErrorCode error)
    {
        member.Join?.TrySetResult(new JoinResult(error, member.Id));
        member.Join = null;
        member.Sync?.TrySetResult(SyncResult.Refused(error));
        member.Sync = null;
    }

    private void Store() => _lastWrite = _environment.Store(Id, Save());
}
