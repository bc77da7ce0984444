using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Groups;

/// <summary>Joining and the rebalance that it leads to.</summary>
internal sealed partial class Group
{
    private Task<JoinResult> Join(JoinRequest request)
    {
        if (State == GroupState.Dead)
            return Refused(request, ErrorCode.CoordinatorNotAvailable);
        if (!SupportsProtocols(request))
            return Refused(request, ErrorCode.InconsistentGroupProtocol);
        if (request.MemberId.Length == 0)
            return JoinNew(request);

        if (_pending.Remove(request.MemberId))
            return _members.Count >= _environment.MaximumMembers
                ? Refused(request, ErrorCode.GroupMaxSizeReached)
                : Add(request.MemberId, request);
        var fenced = ValidateInstance(request.MemberId, request.InstanceId);
        if (fenced != ErrorCode.None)
            return Refused(request, fenced);
        return _members.TryGetValue(request.MemberId, out var member)
            ? Rejoin(member, request)
            : Refused(request, ErrorCode.UnknownMemberId);
    }

    private Task<JoinResult> JoinNew(JoinRequest request)
    {
        if (request.InstanceId is { } instance && _staticMembers.TryGetValue(instance, out var replaced))
            return Replace(_members[replaced], request);
        if (_members.Count + _pending.Count >= _environment.MaximumMembers)
            return Refused(request, ErrorCode.GroupMaxSizeReached);
        var prefix = request.InstanceId ?? (request.ClientId.Length > 0 ? request.ClientId : "member");
        var id = $"{prefix}-{Guid.NewGuid():D}";
        if (request.InstanceId is not null || !request.MayRequireMemberId)
            return Add(id, request);
        // A client whose first answer is lost must not leave a member behind: it joins when it comes back with its id.
        _pending[id] = Now + request.SessionTimeout;
        return Task.FromResult(new JoinResult(ErrorCode.MemberIdRequired, id));
    }

    private Task<JoinResult> Add(string id, JoinRequest request)
    {
        var member = new GroupMember
        {
            Id = id,
            InstanceId = request.InstanceId,
            ClientId = request.ClientId,
            ClientHost = request.ClientHost,
            SessionTimeout = request.SessionTimeout,
            RebalanceTimeout = request.RebalanceTimeout,
            Protocols = request.Protocols,
        };
        _members.Add(id, member);
        if (request.InstanceId is not null)
            _staticMembers[request.InstanceId] = id;
        if (_members.Count == 1)
            ProtocolType = request.ProtocolType;
        if (_leaderId.Length == 0)
            _leaderId = id;
        if (_gathering)
            _rebalanceDeadline = Earlier(Now + _environment.InitialRebalanceDelay, _gatheringLimit);
        return Park(member, rebalance: true);
    }

    private Task<JoinResult> Rejoin(GroupMember member, JoinRequest request)
    {
        var same = member.HasSameProtocols(request.Protocols);
        // A leader that joins again wants to assign anew: its subscription saw something that the broker cannot see.
        var needsRebalance = !same || State == GroupState.Stable && member.Id == _leaderId;
        Update(member, request);
        if (State is GroupState.CompletingRebalance or GroupState.Stable && !needsRebalance)
            return Task.FromResult(CurrentFor(member));
        return Park(member, rebalance: true);
    }

    /// <summary>A static member came back without its id: the new one takes the place and the assignment of the old.</summary>
    private Task<JoinResult> Replace(GroupMember member, JoinRequest request)
    {
        Refuse(member, ErrorCode.FencedInstanceId);
        var oldId = member.Id;
        _members.Remove(oldId);
        member.Id = $"{request.InstanceId}-{Guid.NewGuid():D}";
        _members.Add(member.Id, member);
        _staticMembers[request.InstanceId!] = member.Id;
        var wasLeader = _leaderId == oldId;
        if (wasLeader)
            _leaderId = member.Id;
        var same = member.HasSameProtocols(request.Protocols);
        Update(member, request);
        if (State != GroupState.Stable || !same)
            return Park(member, rebalance: true);
        Store();
        return Task.FromResult(
            wasLeader && request.SupportsSkipAssignment
                ? CurrentFor(member) with
                {
                    SkipAssignment = true,
                }
                : CurrentFor(member) with
                {
                    LeaderId = wasLeader ? oldId : _leaderId,
                    Members = [],
                }
        );
    }

    private void Update(GroupMember member, JoinRequest request)
    {
        member.Protocols = request.Protocols;
        member.SessionTimeout = request.SessionTimeout;
        member.RebalanceTimeout = request.RebalanceTimeout;
        member.ClientId = request.ClientId;
        member.ClientHost = request.ClientHost;
        Touch(member);
    }

    private Task<JoinResult> Park(GroupMember member, bool rebalance)
    {
        member.Join?.TrySetResult(new JoinResult(ErrorCode.RebalanceInProgress, member.Id));
        var waiting = new TaskCompletionSource<JoinResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        member.Join = waiting;
        Touch(member);
        if (rebalance && State != GroupState.PreparingRebalance)
            PrepareRebalance();
        else
            CompleteJoinIfReady();
        return waiting.Task;
    }

    private void PrepareRebalance()
    {
        foreach (var member in _members.Values.Where(member => member.Sync is not null))
        {
            // It could not show that it is alive while it waited.
            Touch(member);
            member.Sync!.TrySetResult(SyncResult.Refused(ErrorCode.RebalanceInProgress));
            member.Sync = null;
        }
        // A new group waits a moment for its other members, to begin with one assignment instead of several.
        _gathering = State == GroupState.Empty && _environment.InitialRebalanceDelay > TimeSpan.Zero;
        State = GroupState.PreparingRebalance;
        var longest = _members.Count == 0 ? TimeSpan.Zero : _members.Values.Max(member => member.RebalanceTimeout);
        _gatheringLimit = Now + longest;
        _rebalanceDeadline = _gathering
            ? Earlier(Now + _environment.InitialRebalanceDelay, _gatheringLimit)
            : _gatheringLimit;
        CompleteJoinIfReady();
    }

    private void CompleteJoinIfReady()
    {
        if (State != GroupState.PreparingRebalance || _gathering && _members.Count > 0)
            return;
        if (_pending.Count == 0 && _members.Values.All(member => member.Join is not null))
            CompleteJoin();
    }

    /// <summary>Everybody is here, or nobody waits any longer for those who are not.</summary>
    private void CompleteJoin()
    {
        _gathering = false;
        foreach (
            var absent in _members.Values.Where(member => member.Join is null && member.InstanceId is null).ToList()
        )
        {
            _members.Remove(absent.Id);
            if (_leaderId == absent.Id)
                _leaderId = "";
        }
        Generation++;
        if (_members.Count == 0)
        {
            BecomeEmpty();
            return;
        }
        if (!_members.TryGetValue(_leaderId, out var leader) || leader.Join is null)
            _leaderId = (
                _members.Values.FirstOrDefault(member => member.Join is not null) ?? _members.Values.First()
            ).Id;
        _protocol = SelectProtocol();
        State = GroupState.CompletingRebalance;
        _rebalanceDeadline = Now + _members.Values.Max(member => member.RebalanceTimeout);
        foreach (var member in _members.Values.Where(member => member.Join is not null))
        {
            Touch(member);
            member.Join!.TrySetResult(CurrentFor(member));
            member.Join = null;
        }
    }

    private void BecomeEmpty()
    {
        State = GroupState.Empty;
        _protocol = null;
        _leaderId = "";
        EmptySince = Now;
        Store();
    }

    private JoinResult CurrentFor(GroupMember member) =>
        new(
            ErrorCode.None,
            member.Id,
            Generation,
            ProtocolType,
            _protocol,
            _leaderId,
            member.Id == _leaderId
                ?
                [
                    .. _members.Values.Select(each => new JoinedMember(
                        each.Id,
                        each.InstanceId,
                        each.MetadataFor(_protocol!)
                    )),
                ]
                : []
        );

    /// <summary>Each member votes for the first of its strategies that all of them know.</summary>
    private string SelectProtocol()
    {
        var common = _members
            .Values.Select(member => member.Protocols.Select(protocol => protocol.Name))
            .Aggregate((left, right) => left.Intersect(right, StringComparer.Ordinal))
            .ToHashSet(StringComparer.Ordinal);
        return _members
            .Values.Select(member => member.Protocols.First(protocol => common.Contains(protocol.Name)).Name)
            .GroupBy(name => name, StringComparer.Ordinal)
            .MaxBy(votes => votes.Count())!
            .Key;
    }

    private bool SupportsProtocols(JoinRequest request)
    {
        if (_members.Count == 0)
            return true;
        if (request.ProtocolType != ProtocolType)
            return false;
        var others = _members.Values.Where(member =>
            member.Id != request.MemberId && (member.InstanceId is null || member.InstanceId != request.InstanceId)
        );
        return request.Protocols.Any(protocol =>
            others.All(member => member.Protocols.Any(known => known.Name == protocol.Name))
        );
    }

    private static Task<JoinResult> Refused(JoinRequest request, ErrorCode error) =>
        Task.FromResult(new JoinResult(error, request.MemberId));

    private static DateTimeOffset Earlier(DateTimeOffset left, DateTimeOffset right) => left < right ? left : right;
}
