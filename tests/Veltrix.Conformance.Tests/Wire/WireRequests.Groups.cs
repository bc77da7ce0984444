using Veltrix.Testing;

namespace Veltrix.Conformance.Tests.Wire;

/// <summary>Consumer groups.</summary>
internal static partial class WireRequests
{
    /// <summary>What the members of these tests say of themselves.</summary>
    public static readonly byte[] Metadata = [1, 2, 3];

    /// <summary>What their leader gives them.</summary>
    public static readonly byte[] Assignment = [9, 8];

    /// <summary>Asks for the coordinator until there is one.</summary>
    /// <param name="client">Who asks.</param>
    /// <param name="key">A group (type 0) or a transactional id (type 1).</param>
    /// <param name="type">Which of the two.</param>
    /// <param name="version">The request's version.</param>
    public static Task FindCoordinatorAsync(this WireClient client, string key, int type = 0, short version = 2)
    {
        var request = F(("key", key), ("coordinatorKeys", new[] { key }), ("keyType", type));
        return Eventually.HoldsAsync(async () =>
        {
            var answer = await client.SendAsync("FindCoordinator", version, request);
            return (version >= 4 ? answer.Only("coordinators") : answer).Error == 0;
        });
    }

    public static Fields Join(
        string group,
        string memberId = "",
        string? instanceId = null,
        int sessionMilliseconds = 10_000,
        string protocolType = "consumer",
        params string[] protocols
    ) =>
        F(
            ("groupId", group),
            ("sessionTimeoutMs", sessionMilliseconds),
            ("rebalanceTimeoutMs", 20_000),
            ("memberId", memberId),
            ("groupInstanceId", instanceId),
            ("protocolType", protocolType),
            (
                "protocols",
                (protocols.Length == 0 ? ["range"] : protocols)
                    .Select(name => F(("name", name), ("metadata", Metadata)))
                    .ToArray()
            )
        );

    /// <summary>Joins with the id that the coordinator gives.</summary>
    public static async Task<Fields> JoinAsync(
        this WireClient client,
        string group,
        string? instanceId = null,
        short version = 5
    )
    {
        await client.FindCoordinatorAsync(group);
        var request = Join(group, instanceId: instanceId);
        var answer = await client.SettledAsync("JoinGroup", version, request);
        if (answer.Error != 79)
            return answer;
        request["memberId"] = answer["memberId"];
        return await client.SendAsync("JoinGroup", version, request);
    }

    /// <summary>What heartbeats say, and everything else of a member begins with.</summary>
    public static Fields Member(string group, string memberId, int generation, string? instanceId = null) =>
        F(
            ("groupId", group),
            ("generationId", generation),
            ("memberId", memberId),
            ("groupInstanceId", instanceId),
            ("protocolType", "consumer"),
            ("protocolName", "range")
        );

    /// <summary>What a leader says who gives the same to each of these members.</summary>
    public static Fields Sync(
        string group,
        string memberId,
        int generation,
        string? instanceId = null,
        params string[] members
    )
    {
        var request = Member(group, memberId, generation, instanceId);
        request["assignments"] = members
            .Select(member => F(("memberId", member), ("assignment", Assignment)))
            .ToArray();
        return request;
    }

    public static Task<Fields> SyncAsync(
        this WireClient client,
        string group,
        Fields joined,
        string? instanceId = null,
        short version = 3
    )
    {
        var (member, generation) = (joined.Get<string>("memberId"), joined.Get<int>("generationId"));
        return client.SendAsync("SyncGroup", version, Sync(group, member, generation, instanceId, member));
    }

    public static async Task<short> HeartbeatAsync(
        this WireClient client,
        string group,
        int generation,
        string memberId,
        string? instanceId = null,
        short version = 3
    ) => (await client.SendAsync("Heartbeat", version, Member(group, memberId, generation, instanceId))).Error;

    public static Fields Commit(
        string group,
        string topic,
        Fields[] partitions,
        int generation = -1,
        string memberId = ""
    ) =>
        F(
            ("groupId", group),
            ("generationIdOrMemberEpoch", generation),
            ("memberId", memberId),
            ("retentionTimeMs", -1),
            ("topics", Of(topic, partitions))
        );

    public static Fields Committed(int partition, long offset, string? metadata = "") =>
        F(
            ("partitionIndex", partition),
            ("committedOffset", offset),
            ("committedLeaderEpoch", -1),
            ("committedMetadata", metadata)
        );

    /// <summary>Commits offset 42 of the topic's first partition.</summary>
    public static async Task<short> CommitAsync(
        this WireClient client,
        string group,
        string topic,
        int generation = -1,
        string memberId = "",
        string metadata = ""
    )
    {
        var request = Commit(group, topic, L(Committed(0, 42, metadata)), generation, memberId);
        return (await client.SendAsync("OffsetCommit", 7, request)).Only("topics").Only("partitions").Error;
    }

    /// <summary>Asks for committed offsets; null: for all of them.</summary>
    public static Fields OffsetFetch(string group, string? topic, int[]? partitions = null, bool requireStable = false)
    {
        var topics = topic is null ? null : L(F(("name", topic), ("partitionIndexes", partitions ?? [0])));
        var ofGroup = F(("groupId", group), ("memberEpoch", -1), ("topics", topics));
        return F(("groupId", group), ("topics", topics), ("groups", L(ofGroup)), ("requireStable", requireStable));
    }

    public static Fields Groups(params string[] groups) => F(("groups", groups));
}
