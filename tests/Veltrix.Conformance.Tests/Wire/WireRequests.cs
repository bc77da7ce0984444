using Veltrix.Testing;

namespace Veltrix.Conformance.Tests.Wire;

/// <summary>
/// Requests that many tests send: what is named as a request builds it, for any version; what ends with Async sends it, in a
/// version that every Kafka since 2.5 knows.
/// </summary>
internal static partial class WireRequests
{
    private const short CoordinatorLoadInProgress = 14;
    private const short NotCoordinator = 16;
    private const short ConcurrentTransactions = 51;

    /// <summary>The fields of a structure.</summary>
    public static Fields F(params (string Name, object? Value)[] fields)
    {
        var made = new Fields();
        foreach (var (name, value) in fields)
            made[name] = value;
        return made;
    }

    /// <summary>A list of structures.</summary>
    public static Fields[] L(params Fields[] items) => items;

    /// <summary>A list of one topic with some of its partitions, as most requests have it.</summary>
    public static Fields[] Of(string topic, params Fields[] partitions) =>
        L(F(("name", topic), ("topic", topic), ("partitions", partitions)));

    /// <summary>Creates a topic, and waits until the broker tells of all of it, and leads all of it.</summary>
    public static async Task<string> CreateTopicAsync(
        this WireClient client,
        string name,
        int partitions = 1,
        params (string Name, string Value)[] settings
    )
    {
        var configs = settings.Select(setting => F(("name", setting.Name), ("value", setting.Value))).ToArray();
        var topic = F(("name", name), ("numPartitions", partitions), ("replicationFactor", -1), ("configs", configs));
        var created = await client.SendAsync("CreateTopics", 5, F(("topics", L(topic)), ("timeoutMs", 10_000)));
        created.Only("topics").Error.ShouldBe<short>(0);
        await Eventually.HoldsAsync(async () =>
        {
            var told = await client.TopicAsync(name);
            return told.Error == 0 && told.List("partitions").TrueForAll(each => each.Error == 0);
        });
        var begins = Enumerable.Range(0, partitions).Select(partition => FetchPartition(0, partition)).ToArray();
        await Eventually.HoldsAsync(async () =>
        {
            var read = await client.SendAsync("Fetch", 11, Fetch(name, begins, maximumWaitMilliseconds: 0));
            return read.Only("responses").List("partitions").TrueForAll(each => each.Error == 0);
        });
        return name;
    }

    public static async Task<Guid> TopicIdAsync(this WireClient client, string topic) =>
        (await client.TopicAsync(topic, version: 12)).Get<Guid>("topicId");

    public static Fields Produce(
        string topic,
        byte[]? records,
        short acks = -1,
        string? transactionalId = null,
        int partition = 0
    ) =>
        F(
            ("transactionalId", transactionalId),
            ("acks", acks),
            ("timeoutMs", 10_000),
            ("topicData", L(F(("name", topic), ("partitionData", L(F(("index", partition), ("records", records)))))))
        );

    /// <returns>The answer for the partition.</returns>
    public static async Task<Fields> ProduceAsync(
        this WireClient client,
        string topic,
        byte[] batch,
        short acks = -1,
        string? transactionalId = null,
        int partition = 0,
        short version = 7
    ) =>
        (await client.SendAsync("Produce", version, Produce(topic, batch, acks, transactionalId, partition)))
            .Only("responses")
            .Only("partitionResponses");

    public static Fields FetchPartition(
        long offset,
        int partition = 0,
        int bytes = 50_000_000,
        int epoch = -1,
        int lastEpoch = -1
    ) =>
        F(
            ("partition", partition),
            ("currentLeaderEpoch", epoch),
            ("fetchOffset", offset),
            ("lastFetchedEpoch", lastEpoch),
            ("logStartOffset", -1),
            ("partitionMaxBytes", bytes)
        );

    /// <summary>A fetch without a session.</summary>
    public static Fields Fetch(
        string topic,
        Fields[] partitions,
        int maximumWaitMilliseconds = 100,
        bool committedOnly = false,
        Guid topicId = default
    )
    {
        var fromTopic = F(("topic", topic), ("topicId", topicId), ("partitions", partitions));
        return Fetch(partitions.Length == 0 ? [] : L(fromTopic), maximumWaitMilliseconds, committedOnly);
    }

    /// <inheritdoc cref="Fetch(string, Fields[], int, bool, Guid)"/>
    public static Fields Fetch(Fields[] topics, int maximumWaitMilliseconds = 100, bool committedOnly = false) =>
        F(
            ("replicaId", -1),
            ("maxWaitMs", maximumWaitMilliseconds),
            ("minBytes", 1),
            ("maxBytes", 50_000_000),
            ("isolationLevel", committedOnly ? 1 : 0),
            ("sessionEpoch", -1),
            ("topics", topics)
        );

    /// <returns>The answer for the topic's first partition.</returns>
    public static async Task<Fields> FetchAsync(
        this WireClient client,
        string topic,
        long offset = 0,
        bool committedOnly = false,
        Guid topicId = default,
        short version = 11
    )
    {
        var request = Fetch(topic, L(FetchPartition(offset)), committedOnly: committedOnly, topicId: topicId);
        return (await client.SendAsync("Fetch", version, request)).Only("responses").Only("partitions");
    }

    private static async Task<Fields> TopicAsync(this WireClient client, string name, short version = 4) =>
        (await client.SendAsync("Metadata", version, F(("topics", L(F(("name", name))))))).Only("topics");

    /// <summary>Asks again while a coordinator is being made, or still writes the end of a transaction.</summary>
    public static async Task<Fields> SettledAsync(this WireClient client, string api, short version, Fields request)
    {
        var answer = new Fields();
        await Eventually.HoldsAsync(async () =>
        {
            answer = await client.SendAsync(api, version, request);
            return !SaysLater(answer);
        });
        return answer;
    }

    private static bool SaysLater(object? value) =>
        value switch
        {
            Fields fields => IsTransient(fields) || fields.Values.Any(SaysLater),
            List<object?> list => list.Exists(SaysLater),
            _ => false,
        };

    private static bool IsTransient(Fields fields) =>
        fields.GetValueOrDefault("errorCode")
            is (>= CoordinatorLoadInProgress and <= NotCoordinator)
                or ConcurrentTransactions;
}
