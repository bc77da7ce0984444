using Veltrix.Conformance.Tests.Wire;
using static Veltrix.Conformance.Tests.Wire.WireRequests;

namespace Veltrix.Conformance.Tests.Comparison;

/// <summary>Transactions, as clients speak of them that do not ask for a new epoch with every end (before KIP-890).</summary>
internal static class TransactionScenarios
{
    private static readonly string[] Apis = ["AddPartitionsToTxn", "AddOffsetsToTxn", "EndTxn", "TxnOffsetCommit"];

    public static async Task IdsAsync(Dialogue dialogue)
    {
        var topic = await dialogue.TopicAsync("topic");
        var id = await IdAsync(dialogue, "id");
        (string, Fields)[] refused =
        [
            ("no id", InitializeProducer("")),
            ("no time", InitializeProducer(id, timeoutMilliseconds: 0)),
            ("negative time", InitializeProducer(id, timeoutMilliseconds: -1)),
            ("too much time", InitializeProducer(id, timeoutMilliseconds: 900_001)),
            ("a producer without epoch", InitializeProducer(id, expectedId: 5)),
            ("an epoch without producer", InitializeProducer(id, expectedEpoch: 3)),
        ];
        foreach (var (step, request) in refused)
            await dialogue.AskAsync(step, "InitProducerId", 4, request);
        foreach (var api in Apis)
        {
            for (short version = 0; version <= 3; version++)
            {
                var nobody = Anything(api, new Producer(id, 1, 0), topic, "group");
                await dialogue.AskSettledAsync($"{api} of an unknown id, version {version}", api, version, nobody);
            }
            var nameless = Anything(api, new Producer("", 1, 0), topic, "group");
            await dialogue.AskSettledAsync($"{api} without an id", api, 3, nameless);
        }

        var producer = await InitializeAsync("new", InitializeProducer(id));
        producer = await InitializeAsync("again", InitializeProducer(id));
        producer = await InitializeAsync("with its epoch", InitializeProducer(id, producer.Id, producer.Epoch));
        await InitializeAsync("with the epoch before", InitializeProducer(id, producer.Id, producer.Epoch - 1));
        await InitializeAsync("with the first epoch", InitializeProducer(id, producer.Id, 0));
        await InitializeAsync("with an epoch to come", InitializeProducer(id, producer.Id, producer.Epoch + 1));
        await InitializeAsync("of another producer", InitializeProducer(id, producer.Id + 1_000_000, producer.Epoch));
        await InitializeAsync("with the first epoch, version 3", InitializeProducer(id, producer.Id, 0), version: 3);
        await InitializeAsync("with its epoch, version 5", InitializeProducer(id, producer.Id, producer.Epoch), 5);
        var other = await IdAsync(dialogue, "other");
        await InitializeAsync("new, with a producer", InitializeProducer(other, producer.Id, 0));

        async Task<Producer> InitializeAsync(string step, Fields request, short version = 4)
        {
            var answer = await dialogue.AskSettledAsync(step, "InitProducerId", version, request);
            return new(id, answer.Get<long>("producerId"), answer.Get<short>("producerEpoch"));
        }
    }

    public static async Task RecordsAsync(Dialogue dialogue)
    {
        var topic = await dialogue.TopicAsync("topic", 2);
        var producer = await ProducerAsync(dialogue, "id");
        await EndAsync("commit without a transaction", commit: true);
        await EndAsync("abort without a transaction", commit: false);
        await ProduceAsync("outside of a transaction", TransactionalBatch(producer, 0, "outside"));
        await AddAsync(dialogue, topic, producer);

        var other = await ProducerAsync(dialogue, "other");
        await ProduceAsync("partition that was not added", TransactionalBatch(producer, 0, "1"), partition: 1);
        await ProduceAsAsync(null, "no id in the request", TransactionalBatch(producer, 0, "1"));
        await ProduceAsAsync(
            other.TransactionalId,
            "another's id in the request",
            TransactionalBatch(producer, 0, "1")
        );
        await ProduceAsAsync("unknown", "unknown id in the request", TransactionalBatch(producer, 0, "1"));
        await ProduceAsync("another producer", TransactionalBatch(other, 0, "1"));
        await ProduceAsync("older epoch", TransactionalBatch(At(producer, -1), 0, "1"));
        await ProduceAsync("newer epoch", TransactionalBatch(At(producer, 1), 0, "1"));
        await ProduceAsync("sequence 0", TransactionalBatch(producer, 0, "a", "b"));
        await ProduceAsync("sequence 0 again", TransactionalBatch(producer, 0, "a", "b"));
        await ProduceAsync("sequence 9", TransactionalBatch(producer, 9, "a"));
        await ProduceAsync("not transactional", WireBatch.Create(["a"], producer.Id, producer.Epoch, 2));
        await dialogue.AppendAsync(topic, "of nobody");
        var early = await ProducerAsync(dialogue, "early");
        await dialogue.AskSettledAsync("begun early", "AddPartitionsToTxn", 3, AddPartitions(early, topic, 1));
        var plain = WireBatch.Create(["a"], early.Id, early.Epoch, 0);
        await ProduceAsAsync(early.TransactionalId, "not transactional before anything else", plain, partition: 1);
        await ReadAsync("open");

        await EndAsync("commit of an older epoch", commit: true, At(producer, -1));
        await EndAsync("commit of a newer epoch", commit: true, At(producer, 1));
        await EndAsync("commit of another producer", commit: true, producer with { Id = producer.Id + 1_000_000 });
        await EndAsync("commit", commit: true);
        await EndAsync("commit again", commit: true);
        await EndAsync("abort after the commit", commit: false);
        await ReadAsync("committed");
        await ProduceAsync("after the end", TransactionalBatch(producer, 2, "late"));

        await BeginAsync(producer, "begun to be aborted");
        await ProduceAsync("to be aborted", TransactionalBatch(producer, 2, "lost"));
        await EndAsync("abort", commit: false);
        await EndAsync("abort again", commit: false);
        await EndAsync("commit after the abort", commit: true);
        await ReadAsync("aborted");

        await BeginAsync(other, "begun by another");
        await ProduceAsAsync(other.TransactionalId, "by another", TransactionalBatch(other, 0, "lost"));
        await BeginAsync(producer, "begun without records");
        await EndAsync("commit without records", commit: true);
        await ReadAsync("one open, one empty");
        await EndAsync("abort of another", commit: false, other);
        await ReadAsync("two aborted");

        Task BeginAsync(Producer by, string step) =>
            dialogue.AskSettledAsync(step, "AddPartitionsToTxn", 3, AddPartitions(by, topic, 0));

        Task EndAsync(string step, bool commit, Producer? by = null) =>
            TransactionScenarios.EndAsync(dialogue, step, by ?? producer, commit);

        Task ProduceAsync(string step, byte[] batch, int partition = 0) =>
            ProduceAsAsync(producer.TransactionalId, step, batch, partition);

        Task ProduceAsAsync(string? id, string step, byte[] batch, int partition = 0) =>
            RecordScenarios.AskAsync(dialogue, step, Produce(topic, batch, -1, id, partition));

        Task ReadAsync(string step) => NoteReadingAsync(dialogue, step, topic);
    }

    public static async Task OffsetsAsync(Dialogue dialogue)
    {
        var topic = await dialogue.TopicAsync("topic", 2);
        var group = await dialogue.GroupAsync("group");
        var producer = await ProducerAsync(dialogue, "id");
        await CommitAsync("before the group is added");
        await AddAsync("no group", AddOffsets(producer, ""));
        await AddAsync("another producer", AddOffsets(producer with { Id = producer.Id + 1_000_000 }, group));
        await AddAsync("older epoch", AddOffsets(At(producer, -1), group));
        for (short version = 0; version <= 3; version++)
            await AddAsync($"version {version}", AddOffsets(producer, group), version);

        for (short version = 0; version <= 3; version++)
            await CommitAsync($"version {version}", version: version);
        await CommitAsync("another producer", producer with { Id = producer.Id + 1_000_000 });
        await CommitAsync("older epoch", At(producer, -1));
        await CommitAsync("newer epoch", At(producer, 1));
        await CommitAsync("unknown id", producer with { TransactionalId = "unknown" });
        await CommitAsync("no group", ofGroup: "");
        await CommitAsync("unknown partition", partitions: [Committed(0, 6), Committed(9, 6)]);
        await CommitAsync("4097 bytes of metadata", partitions: [Committed(1, 7, new string('m', 4097))]);
        await CommitAsync("negative offset", partitions: [Committed(1, -5)]);
        await CommitAsync("of an unknown member", generation: 1, member: "nobody");
        await CommitAsync("of a generation without member", generation: 3);
        await CommitAsync("of a member without generation", member: "nobody");
        await ReadAsync("pending");
        await dialogue.AskAsync("described while pending", "DescribeGroups", 5, Groups(group));
        var plain = Commit(group, topic, L(Committed(0, 3, "plain")));
        await dialogue.AskAsync("committed outside meanwhile", "OffsetCommit", 8, plain);
        await ReadAsync("committed outside meanwhile");
        await EndAsync(commit: true);
        await ReadAsync("committed");

        await AddAsync("to be aborted", AddOffsets(producer, group));
        await CommitAsync("to be aborted", partitions: [Committed(0, 100)]);
        await ReadAsync("pending again");
        await EndAsync(commit: false);
        await ReadAsync("aborted");
        await CommitAsync("after the end");

        Task AddAsync(string step, Fields request, short version = 3) =>
            dialogue.AskSettledAsync($"group added, {step}", "AddOffsetsToTxn", version, request);

        Task CommitAsync(
            string step,
            Producer? by = null,
            string? ofGroup = null,
            Fields[]? partitions = null,
            int generation = -1,
            string member = "",
            short version = 3
        )
        {
            var request = CommitOffsets(
                by ?? producer,
                ofGroup ?? group,
                topic,
                partitions ?? [Committed(0, 5)],
                generation,
                member
            );
            return dialogue.AskSettledAsync($"offset, {step}", "TxnOffsetCommit", version, request);
        }

        Task EndAsync(bool commit) =>
            TransactionScenarios.EndAsync(dialogue, commit ? "commit" : "abort", producer, commit);

        async Task ReadAsync(string step)
        {
            foreach (var (version, stable) in ((short, bool)[])[(5, false), (7, false), (7, true)])
                dialogue.Note(
                    $"read, {step}, version {version}{(stable ? ", stable" : "")}",
                    await OffsetAsync(version, stable)
                );
        }

        async Task<Fields> OffsetAsync(short version, bool stable) =>
            (await dialogue.SendAsync("OffsetFetch", version, OffsetFetch(group, topic, requireStable: stable)))!
                .Only("topics")
                .Only("partitions");
    }

    public static async Task FencingAsync(Dialogue dialogue)
    {
        var topic = await dialogue.TopicAsync("topic");
        var group = await dialogue.GroupAsync("group");
        var client = await dialogue.ClientAsync();
        var zombie = await ProducerAsync(dialogue, "id");
        (await client.AddPartitionAsync(zombie, topic)).ShouldBe<short>(0);
        await ProduceAsync("before", zombie, 0);
        var request = InitializeProducer(zombie.TransactionalId);
        var given = await dialogue.AskSettledAsync("successor", "InitProducerId", 4, request);
        var successor = zombie with { Epoch = given.Get<short>("producerEpoch") };
        await NoteReadingAsync(dialogue, "fenced", topic);

        foreach (var api in Apis)
        {
            for (short version = 0; version <= 3; version++)
            {
                var asked = Anything(api, zombie, topic, group);
                await dialogue.AskSettledAsync($"{api} of the fenced, version {version}", api, version, asked);
            }
        }
        await ProduceAsync("by the fenced", zombie, 1);
        for (short version = 3; version <= 5; version++)
        {
            var back = InitializeProducer(zombie.TransactionalId, zombie.Id, zombie.Epoch);
            await dialogue.AskSettledAsync(
                $"the fenced comes back, version {version}",
                "InitProducerId",
                version,
                back
            );
        }
        await ProduceAsync("by the successor, outside", successor, 0);
        (await client.AddPartitionAsync(successor, topic)).ShouldBe<short>(0);
        await ProduceAsync("by the successor", successor, 0);
        await ProduceAsync("by the fenced meanwhile", zombie, 1);
        var end = End(zombie, commit: true);
        await dialogue.AskSettledAsync("commit by the fenced meanwhile", "EndTxn", 3, end);
        await EndAsync(dialogue, "commit by the successor", successor, commit: true);
        await NoteReadingAsync(dialogue, "succeeded", topic);

        Task ProduceAsync(string step, Producer producer, int sequence)
        {
            var batch = TransactionalBatch(producer, sequence, "value");
            return dialogue.AskAsync(step, "Produce", 9, Produce(topic, batch, -1, producer.TransactionalId));
        }
    }

    /// <summary>Partitions that cannot be added to a transaction, and those that can.</summary>
    private static async Task AddAsync(Dialogue dialogue, string topic, Producer producer)
    {
        (string, Fields)[] requests =
        [
            ("unknown topic", AddPartitions(producer, dialogue.Unique("unknown"), 0)),
            ("unknown partition", AddPartitions(producer, topic, 9)),
            ("good and unknown partition", AddPartitions(producer, topic, 0, 9)),
            ("no topic", By(producer)),
            ("no partition", AddPartitions(producer, topic)),
            ("another producer", AddPartitions(producer with { Id = producer.Id + 1_000_000 }, topic, 0)),
            ("older epoch", AddPartitions(At(producer, -1), topic, 0)),
            ("newer epoch", AddPartitions(At(producer, 1), topic, 0)),
        ];
        foreach (var (step, request) in requests)
            await dialogue.AskSettledAsync($"added, {step}", "AddPartitionsToTxn", 3, request);
        for (short version = 0; version <= 3; version++)
        {
            var request = AddPartitions(producer, topic, 0);
            await dialogue.AskSettledAsync($"added, version {version}", "AddPartitionsToTxn", version, request);
        }
        await dialogue.AskSettledAsync("added twice", "AddPartitionsToTxn", 3, AddPartitions(producer, topic, 0, 0));
    }

    /// <summary>Notes what the two kinds of consumers see.</summary>
    private static async Task NoteReadingAsync(Dialogue dialogue, string step, string topic)
    {
        foreach (var committedOnly in (bool[])[false, true])
        {
            var who = committedOnly ? "committed only" : "everything";
            var request = Fetch(topic, L(FetchPartition(0)), committedOnly: committedOnly);
            await dialogue.AskAsync($"read, {step}, {who}", "Fetch", 11, request);
            foreach (var timestamp in (long[])[-1, -2])
            {
                var wanted = F(("partitionIndex", 0), ("timestamp", timestamp), ("currentLeaderEpoch", -1));
                var asked = F(
                    ("replicaId", -1),
                    ("isolationLevel", committedOnly ? 1 : 0),
                    ("topics", Of(topic, wanted))
                );
                await dialogue.AskAsync($"offset {timestamp}, {step}, {who}", "ListOffsets", 7, asked);
            }
        }
    }

    /// <summary>What any of the requests about a transaction reads.</summary>
    private static Fields Anything(string api, Producer producer, string topic, string group) =>
        By(
            producer,
            ("groupId", group),
            ("committed", true),
            ("generationId", -1),
            ("memberId", ""),
            (
                "topics",
                api == "TxnOffsetCommit"
                    ? Of(topic, Committed(0, 5))
                    : L(F(("name", topic), ("partitions", new[] { 0 })))
            )
        );

    /// <summary>Notes the answer to the end of a transaction, and waits until it is written everywhere.</summary>
    private static async Task EndAsync(Dialogue dialogue, string step, Producer producer, bool commit)
    {
        await dialogue.AskSettledAsync(step, "EndTxn", 3, End(producer, commit));
        await (await dialogue.ClientAsync()).EndTransactionAsync(producer, commit);
    }

    private static Producer At(Producer producer, int epochs) =>
        producer with
        {
            Epoch = (short)(producer.Epoch + epochs),
        };

    /// <summary>A transactional id whose coordinator answers.</summary>
    private static async Task<string> IdAsync(Dialogue dialogue, string name)
    {
        var id = dialogue.Unique(name);
        var client = await dialogue.ClientAsync();
        await client.FindCoordinatorAsync(id, type: 1);
        await client.EndTransactionAsync(new Producer(id, 1, 0), commit: true);
        return id;
    }

    private static async Task<Producer> ProducerAsync(Dialogue dialogue, string name) =>
        await (await dialogue.ClientAsync()).InitializeProducerAsync(dialogue.Unique(name));
}
