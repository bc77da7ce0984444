using Veltrix.Testing;

namespace Veltrix.Conformance.Tests.Wire;

/// <summary>Requests that many tests send, in versions that every Kafka since 2.5 knows.</summary>
internal static class WireRequests
{
    private const short CoordinatorLoadInProgress = 14;
    private const short NotCoordinator = 16;
    private const short ConcurrentTransactions = 51;

    public static async Task<string> CreateTopicAsync(this WireClient client, string name, int partitions = 1)
    {
        Fields topic = new()
        {
            ["name"] = name,
            ["numPartitions"] = partitions,
            ["replicationFactor"] = -1,
        };
        var request = new Fields { ["topics"] = new[] { topic }, ["timeoutMs"] = 10_000 };
        (await client.SendAsync("CreateTopics", 5, request)).Only("topics").Error.ShouldBe<short>(0);
        Fields[] wanted = [new() { ["name"] = name }];
        await Eventually.HoldsAsync(async () =>
            (await client.SendAsync("Metadata", 4, new() { ["topics"] = wanted })).Only("topics").Error == 0
        );
        return name;
    }

    public static Fields Produce(string topic, byte[] batch, short acks = -1, string? transactionalId = null)
    {
        Fields data = new() { ["index"] = 0, ["records"] = batch };
        Fields toTopic = new() { ["name"] = topic, ["partitionData"] = new[] { data } };
        return new()
        {
            ["transactionalId"] = transactionalId,
            ["acks"] = acks,
            ["timeoutMs"] = 10_000,
            ["topicData"] = new[] { toTopic },
        };
    }

    public static async Task<Fields> ProduceAsync(
        this WireClient client,
        string topic,
        byte[] batch,
        short acks = -1,
        string? transactionalId = null
    ) =>
        (await client.SendAsync("Produce", 7, Produce(topic, batch, acks, transactionalId)))
            .Only("responses")
            .Only("partitionResponses");

    /// <param name="offset">Where to begin.</param>
    /// <param name="partition">Which partition.</param>
    public static Fields FetchPartition(long offset, int partition = 0) =>
        new()
        {
            ["partition"] = partition,
            ["currentLeaderEpoch"] = -1,
            ["fetchOffset"] = offset,
            ["lastFetchedEpoch"] = -1,
            ["logStartOffset"] = -1,
            ["partitionMaxBytes"] = 50_000_000,
        };

    /// <summary>A fetch without a session.</summary>
    public static Fields Fetch(
        string topic,
        Fields[] partitions,
        int maximumWaitMilliseconds = 100,
        bool committedOnly = false
    )
    {
        Fields fromTopic = new() { ["topic"] = topic, ["partitions"] = partitions };
        return new()
        {
            ["replicaId"] = -1,
            ["maxWaitMs"] = maximumWaitMilliseconds,
            ["minBytes"] = 1,
            ["maxBytes"] = 50_000_000,
            ["isolationLevel"] = committedOnly ? 1 : 0,
            ["sessionEpoch"] = -1,
            ["topics"] = partitions.Length == 0 ? [] : new[] { fromTopic },
        };
    }

    /// <summary>Asks for the coordinator until there is one.</summary>
    /// <param name="client">Who asks.</param>
    /// <param name="key">A group (type 0) or a transactional id (type 1).</param>
    /// <param name="type">Which of the two.</param>
    public static Task FindCoordinatorAsync(this WireClient client, string key, int type = 0) =>
        Eventually.HoldsAsync(async () =>
        {
            var answer = await client.SendAsync("FindCoordinator", 2, new() { ["key"] = key, ["keyType"] = type });
            return answer.Error == 0;
        });

    /// <summary>A producer of a transactional id.</summary>
    public static async Task<(long Id, short Epoch)> InitializeProducerAsync(
        this WireClient client,
        string transactionalId
    )
    {
        Fields request = new()
        {
            ["transactionalId"] = transactionalId,
            ["transactionTimeoutMs"] = 60_000,
            ["producerId"] = -1,
            ["producerEpoch"] = -1,
        };
        await client.FindCoordinatorAsync(transactionalId, type: 1);
        var answer = new Fields();
        await Eventually.HoldsAsync(async () =>
        {
            answer = await client.SendAsync("InitProducerId", 4, request);
            return !IsTransient(answer.Error);
        });
        answer.Error.ShouldBe<short>(0);
        return (answer.Get<long>("producerId"), answer.Get<short>("producerEpoch"));
    }

    /// <summary>Takes the topic's first partition into the producer's transaction.</summary>
    public static async Task<short> AddPartitionAsync(
        this WireClient client,
        string transactionalId,
        (long Id, short Epoch) producer,
        string topic
    )
    {
        Fields request = new()
        {
            ["transactionalId"] = transactionalId,
            ["producerId"] = producer.Id,
            ["producerEpoch"] = producer.Epoch,
            ["topics"] = new[]
            {
                new Fields { ["name"] = topic, ["partitions"] = new[] { 0 } },
            },
        };
        short error = 0;
        await Eventually.HoldsAsync(async () =>
        {
            error = (await client.SendAsync("AddPartitionsToTxn", 3, request)).Only("results").Only("partitions").Error;
            return !IsTransient(error);
        });
        return error;
    }

    public static async Task<short> EndTransactionAsync(
        this WireClient client,
        string transactionalId,
        (long Id, short Epoch) producer,
        bool commit
    )
    {
        Fields request = new()
        {
            ["transactionalId"] = transactionalId,
            ["producerId"] = producer.Id,
            ["producerEpoch"] = producer.Epoch,
            ["committed"] = commit,
        };
        short error = 0;
        await Eventually.HoldsAsync(async () =>
        {
            error = (await client.SendAsync("EndTxn", 3, request)).Error;
            return !IsTransient(error);
        });
        return error;
    }

    /// <summary>A record batch of a transaction.</summary>
    public static byte[] TransactionalBatch((long Id, short Epoch) producer, int sequence, params string[] values)
    {
        var batch = WireBatch.Create(values, producer.Id, producer.Epoch, sequence);
        batch[22] = 0x10;
        return WireBatch.Sign(batch);
    }

    public static Fields Join(
        string group,
        string memberId = "",
        string? instanceId = null,
        int sessionMilliseconds = 10_000
    )
    {
        Fields protocol = new() { ["name"] = "range", ["metadata"] = new byte[] { 1, 2, 3 } };
        return new()
        {
            ["groupId"] = group,
            ["sessionTimeoutMs"] = sessionMilliseconds,
            ["rebalanceTimeoutMs"] = 20_000,
            ["memberId"] = memberId,
            ["groupInstanceId"] = instanceId,
            ["protocolType"] = "consumer",
            ["protocols"] = new[] { protocol },
        };
    }

    /// <summary>Joins in version 5, with the id that the coordinator gives.</summary>
    public static async Task<Fields> JoinAsync(this WireClient client, string group, string? instanceId = null)
    {
        await client.FindCoordinatorAsync(group);
        var request = Join(group, instanceId: instanceId);
        var answer = new Fields();
        await Eventually.HoldsAsync(async () =>
        {
            answer = await client.SendAsync("JoinGroup", 5, request);
            return !IsTransient(answer.Error);
        });
        if (answer.Error != 79)
            return answer;
        request["memberId"] = answer["memberId"];
        return await client.SendAsync("JoinGroup", 5, request);
    }

    public static async Task<Fields> SyncAsync(
        this WireClient client,
        string group,
        Fields joined,
        bool asLeader = true,
        string? instanceId = null
    )
    {
        Fields assignment = new() { ["memberId"] = joined["memberId"], ["assignment"] = new byte[] { 9, 8 } };
        Fields request = new()
        {
            ["groupId"] = group,
            ["generationId"] = joined["generationId"],
            ["memberId"] = joined["memberId"],
            ["groupInstanceId"] = instanceId,
            ["assignments"] = asLeader ? [assignment] : Array.Empty<Fields>(),
        };
        return await client.SendAsync("SyncGroup", 3, request);
    }

    public static async Task<short> HeartbeatAsync(
        this WireClient client,
        string group,
        int generation,
        string memberId,
        string? instanceId = null
    )
    {
        Fields request = new()
        {
            ["groupId"] = group,
            ["generationId"] = generation,
            ["memberId"] = memberId,
            ["groupInstanceId"] = instanceId,
        };
        return (await client.SendAsync("Heartbeat", 3, request)).Error;
    }

    public static async Task<short> CommitAsync(
        this WireClient client,
        string group,
        string topic,
        int generation = -1,
        string memberId = "",
        string metadata = ""
    )
    {
        Fields offset = new()
        {
            ["partitionIndex"] = 0,
            ["committedOffset"] = 42L,
            ["committedLeaderEpoch"] = -1,
            ["committedMetadata"] = metadata,
        };
        Fields request = new()
        {
            ["groupId"] = group,
            ["generationIdOrMemberEpoch"] = generation,
            ["memberId"] = memberId,
            ["topics"] = new[]
            {
                new Fields { ["name"] = topic, ["partitions"] = new[] { offset } },
            },
        };
        return (await client.SendAsync("OffsetCommit", 7, request)).Only("topics").Only("partitions").Error;
    }

    private static bool IsTransient(short error) =>
        error is (>= CoordinatorLoadInProgress and <= NotCoordinator) or ConcurrentTransactions;
}
