using Veltrix.Conformance.Tests.Wire;
using static Veltrix.Conformance.Tests.Wire.WireRequests;

namespace Veltrix.Conformance.Tests.Comparison;

/// <summary>Consumer groups: their members.</summary>
internal static class GroupScenarios
{
    public static async Task MembershipAsync(Dialogue dialogue)
    {
        var group = await dialogue.GroupAsync("group");
        await AskAsync("no group", Join(""));
        await AskAsync("no protocol type", Join(group, protocolType: ""));
        var withoutProtocols = Join(group);
        withoutProtocols["protocols"] = L();
        await AskAsync("no protocols", withoutProtocols);
        await AskAsync("session too short", Join(group, sessionMilliseconds: 1));
        await AskAsync("session too long", Join(group, sessionMilliseconds: 10_000_000));
        await AskAsync("unknown member", Join(group, "nobody"));
        await dialogue.AskAsync("described before anybody joined", "DescribeGroups", 5, Groups(group));

        var asked = await dialogue.SendAsync("JoinGroup", 5, Join(group));
        var member = dialogue.Called(asked!.Get<string>("memberId"), "member 1");
        dialogue.Note("an id is given first", asked);
        await dialogue.AskAsync("described with a pending member", "DescribeGroups", 5, Groups(group));
        await AskAsync("joined", Join(group, member));
        await AskAsync("joined again while the leader owes the assignment", Join(group, member));
        await dialogue.AskAsync("described", "DescribeGroups", 5, Groups(group));
        await dialogue.AskAsync("heartbeat before the assignment", "Heartbeat", 4, Member(group, member, 2));
        await dialogue.AskAsync("synchronised in a wrong generation", "SyncGroup", 5, Lead(group, member, 9));
        await dialogue.AskAsync("synchronised by nobody", "SyncGroup", 5, Lead(group, "nobody", 2));
        var another = Lead(group, member, 2);
        another["protocolName"] = "roundrobin";
        await dialogue.AskAsync("synchronised with another protocol", "SyncGroup", 5, another);
        await dialogue.AskAsync("synchronised", "SyncGroup", 5, Lead(group, member, 2));
        await dialogue.AskAsync("synchronised again", "SyncGroup", 5, Lead(group, member, 2));
        foreach (var generation in (int[])[2, 1, 3, -1])
            await dialogue.AskAsync(
                $"heartbeat of generation {generation}",
                "Heartbeat",
                4,
                Member(group, member, generation)
            );
        await dialogue.AskAsync("heartbeat of nobody", "Heartbeat", 4, Member(group, "nobody", 2));
        await dialogue.AskAsync("heartbeat of no group", "Heartbeat", 4, Member("", member, 2));
        await AskAsync("another protocol type", Join(group, protocolType: "connect"));
        await AskAsync("no protocol in common", Join(group, protocols: "other"));

        await dialogue.AskAsync("deleted with a member", "DeleteGroups", 2, F(("groupsNames", new[] { group })));
        foreach (var state in (string[])["Stable", "stable", "Empty", "NoSuchState"])
        {
            var listed = await dialogue.SendAsync("ListGroups", 5, F(("statesFilter", new[] { state })));
            var found = listed!.List("groups").Find(each => each.Get<string>("groupId") == group);
            dialogue.Note($"listed as {state}", found ?? (object)"not");
        }
        await dialogue.AskAsync("left by nobody", "LeaveGroup", 5, Leave(group, "nobody"));
        await dialogue.AskAsync("left", "LeaveGroup", 5, Leave(group, member));
        await dialogue.AskAsync("left again", "LeaveGroup", 5, Leave(group, member));
        await dialogue.AskAsync("left no group", "LeaveGroup", 5, Leave("", member));
        await dialogue.AskAsync("left, old version", "LeaveGroup", 1, F(("groupId", group), ("memberId", "nobody")));
        await dialogue.AskAsync("described when empty", "DescribeGroups", 5, Groups(group));
        await dialogue.AskAsync("deleted", "DeleteGroups", 2, F(("groupsNames", new[] { group })));
        await dialogue.AskAsync("deleted again", "DeleteGroups", 2, F(("groupsNames", new[] { group })));
        await dialogue.AskAsync("deleted no group", "DeleteGroups", 2, F(("groupsNames", new[] { "" })));
        await dialogue.AskAsync("described when deleted", "DescribeGroups", 5, Groups(group, ""));
        await dialogue.AskAsync("heartbeat of a deleted group", "Heartbeat", 4, Member(group, member, 2));

        Task<Fields> AskAsync(string step, Fields request) => dialogue.AskAsync(step, "JoinGroup", 5, request);
    }

    public static async Task RebalancingAsync(Dialogue dialogue)
    {
        var group = await dialogue.GroupAsync("group");
        using var other = dialogue.Another();
        // Before version 4 a member joins without being given an id first.
        var first = (await dialogue.SendAsync("JoinGroup", 3, Join(group)))!;
        var one = dialogue.Called(first.Get<string>("memberId"), "member 1");
        other.Called(one, "member 1");
        dialogue.Note("first joined", first);
        await dialogue.AskAsync("first synchronised", "SyncGroup", 3, Lead(group, one, 1));

        var joining = other.SendAsync("JoinGroup", 3, Join(group));
        await UntilAsync(dialogue, Member(group, one, 1), 27);
        await dialogue.AskAsync("heartbeat while it rebalances", "Heartbeat", 3, Member(group, one, 1));
        await dialogue.AskAsync("synchronised while it rebalances", "SyncGroup", 3, Lead(group, one, 1));
        var leader = (await dialogue.SendAsync("JoinGroup", 3, Join(group, one)))!;
        var follower = (await joining)!;
        var two = dialogue.Called(follower.Get<string>("memberId"), "member 2");
        other.Called(two, "member 2");
        dialogue.Note("follower", follower);
        dialogue.Note("leader has members", leader.List("members").Count);
        dialogue.Note("leader's generation", leader["generationId"]);

        var waiting = other.SendAsync("SyncGroup", 3, Lead(group, two, 2));
        var given = Lead(group, one, 2);
        given["assignments"] = L(Given(one, 1), Given(two, 2));
        await dialogue.AskAsync("leader synchronised", "SyncGroup", 3, given);
        dialogue.Note("follower synchronised", await waiting);
        await dialogue.AskAsync("follower leaves", "LeaveGroup", 1, F(("groupId", group), ("memberId", two)));
        await dialogue.AskAsync("heartbeat after that", "Heartbeat", 3, Member(group, one, 2));
        await dialogue.AskAsync("follower's heartbeat", "Heartbeat", 3, Member(group, two, 2));
        await dialogue.AskAsync("alone again", "JoinGroup", 3, Join(group, one));
        await dialogue.AskAsync("leader leaves", "LeaveGroup", 1, F(("groupId", group), ("memberId", one)));
        await dialogue.AskAsync("described", "DescribeGroups", 4, Groups(group));
    }

    public static async Task StaticMembersAsync(Dialogue dialogue)
    {
        var group = await dialogue.GroupAsync("group");
        var joined = (await dialogue.SendAsync("JoinGroup", 9, Join(group, instanceId: "static")))!;
        var old = dialogue.Called(joined.Get<string>("memberId"), "old member");
        dialogue.Note("joined", joined);
        await dialogue.AskAsync("synchronised", "SyncGroup", 5, Lead(group, old, 1, "static"));
        var back = (await dialogue.SendAsync("JoinGroup", 9, Join(group, instanceId: "static")))!;
        var current = dialogue.Called(back.Get<string>("memberId"), "new member");
        dialogue.Note("came back", back);
        await dialogue.AskAsync("synchronised again", "SyncGroup", 5, Lead(group, current, 1, "static"));
        await dialogue.AskAsync("heartbeat of the old", "Heartbeat", 4, Member(group, old, 1, "static"));
        await dialogue.AskAsync("synchronised by the old", "SyncGroup", 5, Lead(group, old, 1, "static"));
        await dialogue.AskAsync("joined by the old", "JoinGroup", 9, Join(group, old, instanceId: "static"));
        await dialogue.AskAsync("heartbeat of the new", "Heartbeat", 4, Member(group, current, 1, "static"));
        await dialogue.AskAsync("heartbeat of an unknown instance", "Heartbeat", 4, Member(group, current, 1, "other"));
        await dialogue.AskAsync("heartbeat without the instance", "Heartbeat", 4, Member(group, current, 1));
        await dialogue.AskAsync("described", "DescribeGroups", 5, Groups(group));
        Fields[] leavers =
        [
            F(("memberId", old), ("groupInstanceId", "static")),
            F(("memberId", ""), ("groupInstanceId", "other")),
            F(("memberId", ""), ("groupInstanceId", "static")),
        ];
        foreach (var leaver in leavers)
        {
            var step =
                $"left as {leaver["groupInstanceId"]}, {(leaver.Get<string>("memberId").Length == 0 ? "any" : "old")} member";
            await dialogue.AskAsync(step, "LeaveGroup", 5, F(("groupId", group), ("members", L(leaver))));
        }
        await dialogue.AskAsync("described when left", "DescribeGroups", 5, Groups(group));
    }

    /// <summary>What a leader says who gives itself everything.</summary>
    private static Fields Lead(string group, string member, int generation, string? instance = null) =>
        Sync(group, member, generation, instance, member);

    private static Fields Given(string member, byte assignment) =>
        F(("memberId", member), ("assignment", new[] { assignment }));

    private static Fields Leave(string group, string member) =>
        F(("groupId", group), ("members", L(F(("memberId", member)))));

    private static async Task UntilAsync(Dialogue dialogue, Fields member, short error)
    {
        await Testing.Eventually.HoldsAsync(async () =>
            (await dialogue.SendAsync("Heartbeat", 3, member))!.Error == error
        );
    }
}
