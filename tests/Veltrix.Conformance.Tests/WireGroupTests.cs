using Veltrix.Conformance.Tests.Wire;
using static Veltrix.Conformance.Tests.Wire.WireRequests;

namespace Veltrix.Conformance.Tests;

/// <summary>The life of a consumer group, from its first member to its deletion.</summary>
public sealed class WireGroupTests() : WireScenario(partitions: 2)
{
    [Fact]
    public async Task Group_InEveryVersion_GoesThroughItsWholeLife()
    {
        foreach (var version in Versions("JoinGroup", 0, 9))
        {
            var group = $"group-{Name}-{version}";
            await Client.FindCoordinatorAsync(group, version: Nearest("FindCoordinator", version, 6));
            var joined = await Client.JoinAsync(group, version: version);
            joined.Error.ShouldBe<short>(0, $"version {version}");
            joined["leader"].ShouldBe(joined["memberId"]);
            joined.Only("members").Get<byte[]>("metadata").ShouldBe(Metadata);
            var synchronised = await Client.SyncAsync(group, joined, version: Nearest("SyncGroup", version, 5));
            synchronised.Error.ShouldBe<short>(0);
            synchronised.Get<byte[]>("assignment").ShouldBe(Assignment);
            var member = (joined.Get<string>("memberId"), joined.Get<int>("generationId"));
            await StayAsync(group, member, Nearest("Heartbeat", version, 4));
            await CommitAsync(group, member, Nearest("OffsetCommit", version, 9), Nearest("OffsetFetch", version, 9));
            await DescribeAsync(group, member.Item1, version);
            await LeaveAsync(group, member.Item1, version);
        }
    }

    private async Task StayAsync(string group, (string Id, int Generation) member, short version)
    {
        (await HeartbeatAsync(member.Id, member.Generation)).ShouldBe<short>(0);
        (await HeartbeatAsync(member.Id, member.Generation + 1)).ShouldBe<short>(22);
        (await HeartbeatAsync("nobody", member.Generation + 1)).ShouldBe<short>(25);

        Task<short> HeartbeatAsync(string id, int generation) =>
            Client.HeartbeatAsync(group, generation, id, version: version);
    }

    private async Task CommitAsync(string group, (string Id, int Generation) member, short version, short fetchVersion)
    {
        // Before version 1 a commit names no member, and a group with members takes none.
        if (version >= 1)
        {
            var partitions = L(Committed(0, 42, "note"), Committed(1, 1, new string('x', 4097)), Committed(77, 1));
            var commit = Commit(group, Name, partitions, member.Generation, member.Id);
            (await Client.SendAsync("OffsetCommit", version, commit))
                .Only("topics")
                .List("partitions")
                .Select(each => (each.Get<int>("partitionIndex"), each.Error))
                .ShouldBe<(int, short)>([(0, 0), (1, 12), (77, 3)], ignoreOrder: true);
        }
        if (fetchVersion == 0)
            return;
        var answer = await Client.SendAsync("OffsetFetch", fetchVersion, OffsetFetch(group, Name, [0, 1]));
        var offsets = (fetchVersion >= 8 ? answer.Only("groups") : answer).Only("topics").List("partitions");
        offsets.Select(each => each.Get<long>("committedOffset")).ShouldBe(version >= 1 ? [42, -1] : [-1, -1]);
        offsets[0]["metadata"].ShouldBe(version >= 1 ? "note" : "");
    }

    private async Task DescribeAsync(string group, string member, short version)
    {
        var described = (
            await Client.SendAsync("DescribeGroups", Nearest("DescribeGroups", version, 5), Groups(group))
        ).Only("groups");
        described.Error.ShouldBe<short>(0);
        described["groupState"].ShouldBe("Stable");
        described.Only("members")["memberId"].ShouldBe(member);
        described.Only("members").Get<byte[]>("memberAssignment").ShouldBe(Assignment);
        var stable = F(("statesFilter", new[] { "Stable" }));
        var listed = await Client.SendAsync("ListGroups", Nearest("ListGroups", version, 5), stable);
        listed.List("groups").Select(each => each["groupId"]).ShouldContain(group);
    }

    private async Task LeaveAsync(string group, string member, short version)
    {
        (await DeleteAsync()).ShouldBe<short>(68);
        var leaver = F(("groupId", group), ("memberId", member), ("members", L(F(("memberId", member)))));
        var leaveVersion = Nearest("LeaveGroup", version, 5);
        var left = await Client.SendAsync("LeaveGroup", leaveVersion, leaver);
        left.Error.ShouldBe<short>(0);
        if (leaveVersion >= 3)
            left.Only("members").Error.ShouldBe<short>(0);
        (await DeleteAsync()).ShouldBe<short>(0);
        (await DeleteAsync()).ShouldBe<short>(69);

        async Task<short> DeleteAsync()
        {
            var request = F(("groupsNames", new[] { group }));
            return (await Client.SendAsync("DeleteGroups", Nearest("DeleteGroups", version, 2), request))
                .Only("results")
                .Error;
        }
    }
}
