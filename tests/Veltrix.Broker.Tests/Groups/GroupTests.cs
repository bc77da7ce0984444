using System.Text;
using Veltrix.Broker.Groups;
using Veltrix.Broker.Protocol;
using Veltrix.Testing;

namespace Veltrix.Broker.Tests.Groups;

public sealed class GroupTests : IDisposable
{
    private static readonly TimeSpan Session = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Rebalance = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan InitialDelay = TimeSpan.FromMilliseconds(100);
    private readonly ManualTime _time = new(holdsTimers: true);
    private readonly List<byte[]> _stored = [];
    private readonly Group _group;

    public GroupTests() => _group = NewGroup();

    public void Dispose() => _group.Dispose();

    [Fact]
    public async Task Join_FirstMembersWithinTheDelay_ShareTheFirstGeneration()
    {
        var first = Join("", client: "a");
        var second = Join("", client: "b");
        first.IsCompleted.ShouldBeFalse();
        _time.Advance(InitialDelay);

        var (leader, follower) = (await first, await second);

        leader.Error.ShouldBe(ErrorCode.None);
        leader.Generation.ShouldBe(1);
        leader.LeaderId.ShouldBe(leader.MemberId);
        leader.Members!.Select(member => member.Id).ShouldBe([leader.MemberId, follower.MemberId], ignoreOrder: true);
        follower.Members!.ShouldBeEmpty();
        follower.LeaderId.ShouldBe(leader.MemberId);
        _group.State.ShouldBe(GroupState.CompletingRebalance);
    }

    [Fact]
    public async Task Join_WithoutIdFromAModernClient_MustComeBackWithTheIdItIsGiven()
    {
        var refused = await _group.JoinAsync(Request("") with { MayRequireMemberId = true });
        refused.Error.ShouldBe(ErrorCode.MemberIdRequired);
        _group.MemberCount.ShouldBe(0);

        var joined = Join(refused.MemberId);
        _time.Advance(InitialDelay);
        (await joined).MemberId.ShouldBe(refused.MemberId);
    }

    [Fact]
    public async Task Join_WithAnUnknownId_IsRefused() =>
        (await Join("nobody")).Error.ShouldBe(ErrorCode.UnknownMemberId);

    [Fact]
    public async Task Join_WithoutACommonStrategy_IsRefused()
    {
        await StableAsync(1);
        var other = Request("") with { Protocols = [new MemberProtocol("other", [])] };
        (await _group.JoinAsync(other)).Error.ShouldBe(ErrorCode.InconsistentGroupProtocol);
        (await _group.JoinAsync(Request("") with { ProtocolType = "connect" })).Error.ShouldBe(
            ErrorCode.InconsistentGroupProtocol
        );
    }

    [Fact]
    public async Task Join_SeveralStrategies_TakesTheOneThatMostMembersPrefer()
    {
        Task<JoinResult> JoinWith(params string[] names) =>
            _group.JoinAsync(Request("") with { Protocols = [.. names.Select(name => new MemberProtocol(name, []))] });
        var joined = new[] { JoinWith("a", "b"), JoinWith("b", "a"), JoinWith("b", "a", "c") };
        _time.Advance(InitialDelay);
        foreach (var result in await Task.WhenAll(joined))
            result.Protocol.ShouldBe("b");
    }

    [Fact]
    public async Task Sync_LeaderAssigns_EveryMemberGetsItsOwn()
    {
        var members = await StableAsync(3);

        _group.State.ShouldBe(GroupState.Stable);
        foreach (var member in members)
            Text((await Sync(member)).Assignment).ShouldBe($"for {member.MemberId}");
        _stored.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Sync_WhenTheStateIsNotDurable_IsRefused()
    {
        using var group = NewGroup(durable: false);
        var joined = group.JoinAsync(Request(""));
        _time.Advance(InitialDelay);
        var member = await joined;

        var result = await group.SyncAsync(SyncOf(member, Assignments(member)));

        result.Error.ShouldBe(ErrorCode.CoordinatorNotAvailable);
    }

    [Fact]
    public async Task NewMember_InAStableGroup_MakesTheOthersJoinAgain()
    {
        var members = await StableAsync(2);
        var third = Join("");

        Beat(members[0]).ShouldBe(ErrorCode.RebalanceInProgress);
        (await Sync(members[1])).Error.ShouldBe(ErrorCode.RebalanceInProgress);
        _group.CheckCommit(members[0].MemberId, null, members[0].Generation).ShouldBe(ErrorCode.None);
        third.IsCompleted.ShouldBeFalse();

        var again = new[] { Join(members[0].MemberId), Join(members[1].MemberId) };
        (await third).Generation.ShouldBe(2);
        (await Task.WhenAll(again)).ShouldAllBe(result => result.Generation == 2);
        _group.CheckCommit(members[0].MemberId, null, 2).ShouldBe(ErrorCode.RebalanceInProgress);
        _group.CheckCommit(members[0].MemberId, null, 1).ShouldBe(ErrorCode.IllegalGeneration);
    }

    [Fact]
    public async Task Rebalance_MemberThatDoesNotComeBack_IsDroppedAtTheTimeout()
    {
        var members = await StableAsync(2);
        var third = Join("");
        var back = Join(members[0].MemberId);
        for (var beat = TimeSpan.Zero; beat < Rebalance; beat += Session / 2)
        {
            Beat(members[1]);
            _time.Advance(Session / 2);
        }
        (await third).Error.ShouldBe(ErrorCode.None);
        (await back).Generation.ShouldBe(2);
        _group.MemberCount.ShouldBe(2);
        Beat(members[1]).ShouldBe(ErrorCode.UnknownMemberId);
    }

    [Fact]
    public async Task Rebalance_WaitsAsLongAsItsMostPatientMember()
    {
        var members = await StableAsync(2);
        var patient = _group.JoinAsync(Request("") with { RebalanceTimeout = 2 * Rebalance });
        var back = Join(members[0].MemberId);
        Pass(Rebalance);
        patient.IsCompleted.ShouldBeFalse();
        Pass(Rebalance);
        (await patient).Error.ShouldBe(ErrorCode.None);
        (await back).Generation.ShouldBe(2);

        void Pass(TimeSpan time)
        {
            for (var beat = TimeSpan.Zero; beat < time; beat += Session / 2)
            {
                Beat(members[1]);
                _time.Advance(Session / 2);
            }
        }
    }

    [Fact]
    public async Task Session_WithoutHeartbeat_EndsAndTheOthersRebalance()
    {
        var members = await StableAsync(2);
        _time.Advance(Session / 2);
        Beat(members[0]).ShouldBe(ErrorCode.None);
        _time.Advance(Session / 2);

        Beat(members[1]).ShouldBe(ErrorCode.UnknownMemberId);
        Beat(members[0]).ShouldBe(ErrorCode.RebalanceInProgress);
        (await Join(members[0].MemberId)).Generation.ShouldBe(2);
    }

    [Fact]
    public async Task Session_OfTheLastMember_EndsInAnEmptyGroup()
    {
        await StableAsync(1);
        _time.Advance(Session);
        _group.State.ShouldBe(GroupState.Empty);
        _group.CheckCommit("", null, -1).ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task Sync_MemberThatJoinsButNeverSyncs_IsDroppedAtTheTimeout()
    {
        var joined = new[] { Join(""), Join("") };
        _time.Advance(InitialDelay);
        var members = await Task.WhenAll(joined);
        var waiting = Sync(members[1]);
        for (var beat = TimeSpan.Zero; beat < Rebalance; beat += Session / 2)
        {
            Beat(members[0]);
            _time.Advance(Session / 2);
        }
        (await waiting).Error.ShouldBe(ErrorCode.RebalanceInProgress);
        _group.MemberCount.ShouldBe(1);
    }

    [Fact]
    public async Task Leave_OneOfTwo_RebalancesAtOnce()
    {
        var members = await StableAsync(2);
        Leave(members[0].MemberId, null).ShouldBe(ErrorCode.None);

        Beat(members[1]).ShouldBe(ErrorCode.RebalanceInProgress);
        var alone = await Join(members[1].MemberId);
        alone.LeaderId.ShouldBe(alone.MemberId);
        Leave(members[0].MemberId, null).ShouldBe(ErrorCode.UnknownMemberId);
    }

    [Fact]
    public async Task Heartbeat_OfAnotherGeneration_IsRefused()
    {
        var member = (await StableAsync(1))[0];
        _group.Heartbeat(member.MemberId, null, member.Generation + 1).ShouldBe(ErrorCode.IllegalGeneration);
        _group.CheckCommit("", null, -1).ShouldBe(ErrorCode.UnknownMemberId);
    }

    [Fact]
    public async Task StaticMember_ThatComesBack_KeepsGenerationAndAssignmentAndFencesTheOld()
    {
        var members = await StableAsync(2, instances: true);
        var back = await _group.JoinAsync(Request("", instance: "instance-1"));

        back.Error.ShouldBe(ErrorCode.None);
        back.Generation.ShouldBe(1);
        back.MemberId.ShouldNotBe(members[1].MemberId);
        _group.State.ShouldBe(GroupState.Stable);
        Text((await Sync(back, "instance-1")).Assignment).ShouldBe($"for {members[1].MemberId}");
        _group.Heartbeat(members[1].MemberId, "instance-1", 1).ShouldBe(ErrorCode.FencedInstanceId);
        _group.Heartbeat(back.MemberId, "instance-1", 1).ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task StaticLeader_ThatComesBack_IsToldTheOldLeaderOrToSkipTheAssignment()
    {
        var members = await StableAsync(2, instances: true);
        var leader = Array.FindIndex([.. members], member => member.MemberId == member.LeaderId);
        var old = await _group.JoinAsync(Request("", instance: $"instance-{leader}"));
        old.LeaderId.ShouldBe(members[leader].MemberId);
        old.SkipAssignment.ShouldBeFalse();

        var request = Request("", instance: $"instance-{leader}") with { SupportsSkipAssignment = true };
        var modern = await _group.JoinAsync(request);
        modern.SkipAssignment.ShouldBeTrue();
        modern.LeaderId.ShouldBe(modern.MemberId);
        modern.Members!.Count.ShouldBe(2);
    }

    [Fact]
    public async Task StaticMember_LeavesByItsInstance_IsRemoved()
    {
        await StableAsync(2, instances: true);
        Leave("", "instance-0").ShouldBe(ErrorCode.None);
        Leave("", "instance-0").ShouldBe(ErrorCode.UnknownMemberId);
        Leave("someone", "instance-1").ShouldBe(ErrorCode.FencedInstanceId);
        _group.MemberCount.ShouldBe(1);
    }

    [Fact]
    public async Task Restore_AfterARestart_MembersGoOnAsIfNothingHadBeen()
    {
        var members = await StableAsync(2);
        using var restored = NewGroup();
        restored.Restore(_stored[^1]);

        restored.State.ShouldBe(GroupState.Stable);
        foreach (var member in members)
        {
            restored.Heartbeat(member.MemberId, null, member.Generation).ShouldBe(ErrorCode.None);
            restored.CheckCommit(member.MemberId, null, member.Generation).ShouldBe(ErrorCode.None);
        }
        _time.Advance(Session);
        restored.State.ShouldBe(GroupState.Empty);
    }

    private async Task<JoinResult[]> StableAsync(int count, bool instances = false)
    {
        var joined = Enumerable
            .Range(0, count)
            .Select(index => _group.JoinAsync(Request("", instance: instances ? $"instance-{index}" : null)))
            .ToList();
        _time.Advance(InitialDelay);
        var members = await Task.WhenAll(joined);
        var leader = Array.FindIndex(members, member => member.MemberId == member.LeaderId);
        var assignments = Assignments(members);
        var syncs = members.Select(
            (member, index) =>
                Sync(member, instances ? $"instance-{index}" : null, index == leader ? assignments : null)
        );
        foreach (var result in await Task.WhenAll(syncs.ToList()))
            result.Error.ShouldBe(ErrorCode.None);
        return members;
    }

    private Group NewGroup(bool durable = true) =>
        new(
            "group",
            new GroupEnvironment(
                _time,
                InitialDelay,
                100,
                (_, state) =>
                {
                    _stored.Add(state);
                    return Task.FromResult(durable);
                }
            )
        );

    private static Dictionary<string, byte[]> Assignments(params JoinResult[] members) =>
        members.ToDictionary(member => member.MemberId, member => Encoding.UTF8.GetBytes($"for {member.MemberId}"));

    private Task<JoinResult> Join(string memberId, string client = "client") =>
        _group.JoinAsync(Request(memberId) with { ClientId = client });

    private Task<SyncResult> Sync(
        JoinResult member,
        string? instance = null,
        Dictionary<string, byte[]>? assignments = null
    ) => _group.SyncAsync(SyncOf(member, assignments ?? [], instance));

    private ErrorCode Beat(JoinResult member) => _group.Heartbeat(member.MemberId, null, member.Generation);

    private ErrorCode Leave(string memberId, string? instance) => _group.Leave(ref memberId, instance);

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    private static SyncRequest SyncOf(
        JoinResult member,
        Dictionary<string, byte[]> assignments,
        string? instance = null
    ) => new("group", member.Generation, member.MemberId, instance, null, null, assignments);

    private static JoinRequest Request(string memberId, string? instance = null) =>
        new(
            "group",
            memberId,
            instance,
            "client",
            "/127.0.0.1",
            Session,
            Rebalance,
            "consumer",
            [new MemberProtocol("range", [1, 2, 3])],
            MayRequireMemberId: false
        );
}
