using Veltrix.Conformance.Tests.Wire;
using static Veltrix.Conformance.Tests.Wire.WireRequests;

namespace Veltrix.Conformance.Tests.Comparison;

/// <summary>Consumer groups: their offsets.</summary>
internal static class OffsetScenarios
{
    public static async Task CommittingAsync(Dialogue dialogue)
    {
        var topic = await dialogue.TopicAsync("topic", 2);
        var group = await dialogue.GroupAsync("group");
        for (short version = 2; version <= 9; version++)
            await CommitAsync($"version {version}", version, Commit(group, topic, 0, 5 + version));
        (string, Fields)[] commits =
        [
            ("no group", Commit("", topic, 0, 5)),
            ("unknown topic", Commit(group, dialogue.Unique("unknown"), 0, 5)),
            ("unknown partition", Commit(group, topic, 9, 5)),
            ("negative offset", Commit(group, topic, 1, -1)),
            ("offset -5", Commit(group, topic, 1, -5)),
            ("beyond the end", Commit(group, topic, 1, 1_000_000)),
            ("4096 bytes of metadata", Commit(group, topic, 1, 3, new string('m', 4096))),
            ("4097 bytes of metadata", Commit(group, topic, 1, 4, new string('m', 4097))),
            ("null metadata", Commit(group, topic, 1, 4, null)),
            ("with a generation", Commit(group, topic, 1, 4, generation: 3, member: "someone")),
            (
                "to another group with a generation",
                Commit(dialogue.Unique("other"), topic, 1, 4, generation: 3, member: "x")
            ),
            ("without generation but a member", Commit(group, topic, 1, 4, member: "someone")),
            ("nothing", F(("groupId", group), ("generationIdOrMemberEpoch", -1))),
        ];
        foreach (var (step, commit) in commits)
            await CommitAsync(step, 8, commit);
        await dialogue.AskAsync("described", "DescribeGroups", 5, Groups(group));

        for (short version = 1; version <= 9; version++)
        {
            await FetchAsync($"fetched, version {version}", version, group, topic, 0, 1, 9);
            if (version >= 2)
                await FetchAsync($"fetched all, version {version}", version, group, null);
        }
        await FetchAsync("fetched of an unknown group", 7, dialogue.Unique("nobody's"), null);
        await FetchAsync("fetched of no group", 7, "", null);
        await FetchAsync("fetched of an unknown topic", 7, group, "no-such-topic", 0);
        await FetchAsync("fetched of an unknown group, version 8", 8, dialogue.Unique("nobody's too"), null);
        await FetchAsync("fetched of no group, version 8", 8, "", null);
        // All scenarios share the broker, and others ask what is when there is no such group.
        await dialogue.SendAsync("DeleteGroups", 2, F(("groupsNames", new[] { "" })));

        Task CommitAsync(string step, short version, Fields commit) =>
            dialogue.AskAsync(step, "OffsetCommit", version, commit);

        Task FetchAsync(string step, short version, string ofGroup, string? ofTopic, params int[] partitions) =>
            dialogue.AskAsync(step, "OffsetFetch", version, OffsetFetch(ofGroup, ofTopic, partitions));
    }

    public static async Task WithMembersAsync(Dialogue dialogue)
    {
        var topic = await dialogue.TopicAsync("topic", 2);
        var group = await dialogue.GroupAsync("group");
        var joined = (await dialogue.SendAsync("JoinGroup", 3, Join(group)))!;
        var member = dialogue.Called(joined.Get<string>("memberId"), "member");
        await AskAsync("before the assignment", Commit(group, topic, 0, 5, generation: 1, member: member));
        await dialogue.SendAsync("SyncGroup", 3, Sync(group, member, 1, null, member));
        await AskAsync("by the member", Commit(group, topic, 0, 5, generation: 1, member: member));
        await AskAsync("in an old generation", Commit(group, topic, 0, 6, generation: 0, member: member));
        await AskAsync("in a future generation", Commit(group, topic, 0, 6, generation: 2, member: member));
        await AskAsync("by nobody", Commit(group, topic, 0, 6, generation: 1, member: "nobody"));
        await AskAsync("without a member", Commit(group, topic, 0, 6));
        var topics = Of(topic, F(("partitionIndex", 0)), F(("partitionIndex", 9)));
        await dialogue.AskAsync("deleted with a member", "OffsetDelete", 0, F(("groupId", group), ("topics", topics)));
        await dialogue.SendAsync("LeaveGroup", 1, F(("groupId", group), ("memberId", member)));
        await AskAsync("by the member that left", Commit(group, topic, 0, 6, generation: 1, member: member));
        await AskAsync("without a member when empty", Commit(group, topic, 0, 7));
        await dialogue.AskAsync("deleted when empty", "OffsetDelete", 0, F(("groupId", group), ("topics", topics)));
        await dialogue.AskAsync("deleted again", "OffsetDelete", 0, F(("groupId", group), ("topics", topics)));
        var unknown = dialogue.Unique("nobody's");
        await dialogue.AskAsync(
            "deleted of an unknown group",
            "OffsetDelete",
            0,
            F(("groupId", unknown), ("topics", topics))
        );
        await dialogue.AskAsync("deleted of no group", "OffsetDelete", 0, F(("groupId", ""), ("topics", topics)));

        Task<Fields> AskAsync(string step, Fields commit) => dialogue.AskAsync(step, "OffsetCommit", 8, commit);
    }

    private static Fields Commit(
        string group,
        string topic,
        int partition,
        long offset,
        string? metadata = "note",
        int generation = -1,
        string member = ""
    ) => WireRequests.Commit(group, topic, L(Committed(partition, offset, metadata)), generation, member);
}
