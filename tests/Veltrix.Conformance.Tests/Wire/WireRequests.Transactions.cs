namespace Veltrix.Conformance.Tests.Wire;

/// <summary>Transactions.</summary>
internal static partial class WireRequests
{
    public static Fields InitializeProducer(
        string? transactionalId,
        long expectedId = -1,
        int expectedEpoch = -1,
        int timeoutMilliseconds = 60_000
    ) =>
        F(
            ("transactionalId", transactionalId),
            ("transactionTimeoutMs", timeoutMilliseconds),
            ("producerId", expectedId),
            ("producerEpoch", expectedEpoch)
        );

    /// <summary>A producer without transactions.</summary>
    public static async Task<long> ProducerIdAsync(this WireClient client) =>
        // A real one takes a moment until it can give the first.
        (await client.SettledAsync("InitProducerId", 1, InitializeProducer(null))).Get<long>("producerId");

    /// <summary>A producer of a transactional id.</summary>
    public static async Task<Producer> InitializeProducerAsync(this WireClient client, string transactionalId)
    {
        await client.FindCoordinatorAsync(transactionalId, type: 1);
        var request = InitializeProducer(transactionalId);
        var answer = await client.SettledAsync("InitProducerId", 4, request);
        answer.Error.ShouldBe<short>(0);
        return new(transactionalId, answer.Get<long>("producerId"), answer.Get<short>("producerEpoch"));
    }

    /// <summary>What everything that a producer says of its transaction begins with.</summary>
    public static Fields By(Producer producer, params (string Name, object? Value)[] more) =>
        F([
            ("transactionalId", producer.TransactionalId),
            ("producerId", producer.Id),
            ("producerEpoch", producer.Epoch),
            .. more,
        ]);

    public static Fields AddPartitions(Producer producer, string topic, params int[] partitions) =>
        By(producer, ("topics", L(F(("name", topic), ("partitions", partitions)))));

    /// <summary>Takes the topic's first partition into the producer's transaction.</summary>
    public static async Task<short> AddPartitionAsync(
        this WireClient client,
        Producer producer,
        string topic,
        short version = 3
    )
    {
        var answer = await client.SettledAsync("AddPartitionsToTxn", version, AddPartitions(producer, topic, 0));
        return answer.Only("results").Only("partitions").Error;
    }

    public static Fields AddOffsets(Producer producer, string group) => By(producer, ("groupId", group));

    public static Fields CommitOffsets(
        Producer producer,
        string group,
        string topic,
        Fields[] partitions,
        int generation = -1,
        string memberId = ""
    ) =>
        By(
            producer,
            ("groupId", group),
            ("generationId", generation),
            ("memberId", memberId),
            ("topics", Of(topic, partitions))
        );

    public static Fields End(Producer producer, bool commit) => By(producer, ("committed", commit));

    public static async Task<short> EndTransactionAsync(
        this WireClient client,
        Producer producer,
        bool commit,
        short version = 3
    ) => (await client.SettledAsync("EndTxn", version, End(producer, commit))).Error;

    /// <summary>A record batch of a transaction.</summary>
    public static byte[] TransactionalBatch(Producer producer, int sequence, params string[] values)
    {
        var batch = WireBatch.Create(values, producer.Id, producer.Epoch, sequence);
        batch[22] = 0x10;
        return WireBatch.Sign(batch);
    }
}

/// <summary>A transactional producer, as its coordinator knows it.</summary>
internal sealed record Producer(string TransactionalId, long Id, short Epoch);
