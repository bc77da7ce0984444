using System.Buffers.Binary;
using Veltrix.Conformance.Tests.Wire;
using static Veltrix.Conformance.Tests.Wire.WireRequests;

namespace Veltrix.Conformance.Tests.Comparison;

/// <summary>Writing records.</summary>
internal static class RecordScenarios
{
    private const int MaximumTimestamp = 35;
    private const int FirstRecord = 61;

    public static async Task ProducingAsync(Dialogue dialogue)
    {
        var topic = await dialogue.TopicAsync("topic");
        for (short version = 3; version <= 11; version++)
            await dialogue.AskAsync($"version {version}", "Produce", version, Produce(topic, Batch()));
        var id = dialogue.Unique("unknown");
        await AskAsync("unknown topic", Produce(id, Batch()));
        await AskAsync("topic with a bad name", Produce("no/slash", Batch()));
        await AskAsync("topic without a name", Produce("", Batch()));
        await AskAsync("unknown partition", Produce(topic, Batch(), partition: 7));
        await AskAsync("negative partition", Produce(topic, Batch(), partition: -1));
        foreach (var acks in (short[])[1, 2, -2])
            await AskAsync($"acks {acks}", Produce(topic, Batch(), acks));
        await AskAsync("no topic", F(("acks", -1), ("timeoutMs", 1000)));
        await AskAsync("no partition", F(("acks", -1), ("timeoutMs", 1000), ("topicData", L(F(("name", topic))))));
        var partition = F(("index", 0), ("records", Batch()));
        var twice = F(("name", topic), ("partitionData", L(partition, partition)));
        await AskAsync("one partition twice", F(("acks", -1), ("timeoutMs", 1000), ("topicData", L(twice))));
        var mixed = F(("name", topic), ("partitionData", L(partition, F(("index", 9), ("records", Batch())))));
        await AskAsync("one good, one unknown", F(("acks", -1), ("timeoutMs", 1000), ("topicData", L(mixed))));
        var elsewhere = Produce(topic, Batch());
        elsewhere["transactionalId"] = "nobody's";
        await AskAsync("for an unknown transaction", elsewhere);
        await AskAsync("larger than allowed", Produce(topic, Large()));

        Task AskAsync(string step, Fields request) => dialogue.AskAsync(step, "Produce", 9, request);
    }

    public static async Task BatchesAsync(Dialogue dialogue)
    {
        var topic = await dialogue.TopicAsync("topic");
        var good = Batch();
        (string, byte[]?)[] batches =
        [
            ("none", null),
            ("empty", []),
            ("cut off", good[..^1]),
            ("cut off in its header", good[..40]),
            ("half a length", good[..10]),
            ("two", [.. good, .. good]),
            ("one and a half", [.. good, .. good[..30]]),
            ("magic 0", Changed(good, 16, 0)),
            ("magic 1", Changed(good, 16, 1)),
            ("magic 3", Changed(good, 16, 3)),
            ("magic 9", Changed(good, 16, 9)),
            ("wrong checksum", Changed(good, FirstRecord + 5, 0x55)),
            ("base offset 5", Changed(good, 7, 5)),
            ("length too small", Changed(good, 11, 20)),
            ("negative length", Changed(good, 8, 0x80)),
            ("count 3 of 1", Signed(good, 60, 3)),
            ("count 0", Signed(good, 60, 0)),
            ("negative count", Signed(good, 57, 0x80)),
            ("last delta 1 of 0", Signed(good, 26, 1)),
            ("control batch", Signed(good, 22, 0x20)),
            ("transactional batch", Signed(good, 22, 0x10)),
            ("unknown codec 5", Signed(good, 22, 5)),
            ("unknown codec 7", Signed(good, 22, 7)),
            ("gzip that is none", Signed(good, 22, 1)),
            ("snappy that is none", Signed(good, 22, 2)),
            ("lz4 that is none", Signed(good, 22, 3)),
            ("zstd that is none", Signed(good, 22, 4)),
            ("unused attribute", Signed(good, 22, 0x80)),
            ("deletion horizon set", Signed(good, 22, 0x40)),
            ("log append time by the client", Signed(good, 22, 8)),
            ("producer without epoch", WireBatch.Create(["v"], producerId: 5)),
            ("leader epoch 9", Signed(good, 15, 9)),
            ("record's length wrong", Signed(good, FirstRecord, 0x7E)),
            ("record's offset delta wrong", Signed(good, FirstRecord + 3, 8)),
            ("record's key cut off", Signed(good, FirstRecord + 4, 0x20)),
            ("record's value longer than the record", Signed(good, FirstRecord + 5, 0x7E)),
            ("record with headers that are not there", Signed(good, good.Length - 1, 2)),
            ("record with a negative header count", Signed(good, good.Length - 1, 1)),
            ("byte after the last record", Longer(good)),
            ("wrong maximum timestamp", Signed(good, MaximumTimestamp + 5, 0)),
            ("ten days ahead", At(DateTimeOffset.UtcNow.AddDays(10))),
            ("half an hour ahead", At(DateTimeOffset.UtcNow.AddMinutes(30))),
            ("twenty years old", At(DateTimeOffset.UtcNow.AddYears(-20))),
            ("timestamp -1", At(DateTimeOffset.FromUnixTimeMilliseconds(-1))),
            ("timestamp -2", At(DateTimeOffset.FromUnixTimeMilliseconds(-2))),
            ("good", good),
        ];
        foreach (var (step, batch) in batches)
            await AskAsync(step, 9, batch);
        await AskAsync("old magic in an old version", 3, Changed(good, 16, 1));

        async Task AskAsync(string step, short version, byte[]? batch)
        {
            if (batch is null)
            {
                await dialogue.AskAsync(step, "Produce", version, Produce(topic, batch));
                return;
            }
            var answer = (await dialogue.SendAsync("Produce", version, Produce(topic, batch)))!;
            // Which offset it is follows from what was accepted before.
            if (
                answer.Only("responses").Only("partitionResponses") is var partition
                && partition.Get<long>("baseOffset") >= 0
            )
                partition["baseOffset"] = "an offset";
            dialogue.Note(step, answer);
        }
    }

    public static async Task TimestampsAsync(Dialogue dialogue)
    {
        var old = At(DateTimeOffset.FromUnixTimeSeconds(1_000_000_000));
        (string, string)[] settings =
        [
            ("message.timestamp.type", "LogAppendTime"),
            ("message.timestamp.before.max.ms", "60000"),
            ("message.timestamp.after.max.ms", "9223372036854775807"),
        ];
        foreach (var setting in settings)
        {
            var topic = dialogue.Unique(setting.Item1);
            var config = F(("name", setting.Item1), ("value", setting.Item2));
            var wanted = F(("name", topic), ("numPartitions", 1), ("replicationFactor", 1), ("configs", L(config)));
            var created = (
                await dialogue.SendAsync("CreateTopics", 4, F(("topics", L(wanted)), ("timeoutMs", 10_000)))
            )!;
            dialogue.Note($"topic with {setting.Item1}", created.Only("topics").Error);
        }
        var plain = await dialogue.TopicAsync("plain");
        await dialogue.AskAsync("old", "Produce", 9, Produce(plain, old));
        await dialogue.AskAsync("from the future", "Produce", 9, Produce(plain, At(DateTimeOffset.UtcNow.AddDays(10))));
    }

    public static async Task IdempotenceAsync(Dialogue dialogue)
    {
        var topic = await dialogue.TopicAsync("topic");
        var producer = await (await dialogue.ClientAsync()).ProducerIdAsync();
        for (var sequence = 0; sequence < 7; sequence++)
            await AskAsync($"sequence {sequence}", sequence);
        foreach (var sequence in (int[])[6, 2, 1, 0, 9, 7])
            await AskAsync($"then {sequence}", sequence);
        await AskAsync("two records over a known one", 7, values: ["a", "b"]);
        await AskAsync("new epoch begins at 3", 3, epoch: 1);
        await AskAsync("new epoch begins at 0", 0, epoch: 1);
        await AskAsync("old epoch", 8);
        await AskAsync("epoch far ahead", 0, epoch: 30);
        var stranger = producer + 1_000_000;
        await AskAsync("unknown producer begins at 4", 4, id: stranger);
        await AskAsync("and goes on", 5, id: stranger);
        var wrapping = producer + 2_000_000;
        await AskAsync("near the last sequence", int.MaxValue, id: wrapping);
        await AskAsync("wrapped", 0, id: wrapping);
        await AskAsync("wrapped over several", int.MaxValue, id: producer + 3_000_000, values: ["a", "b", "c"]);
        await AskAsync("and after it", 2, id: producer + 3_000_000);
        await AskAsync("negative epoch", 0, id: producer + 4_000_000, epoch: -2);
        await AskAsync("no sequence", -1, id: producer + 5_000_000);

        Task AskAsync(string step, int sequence, short epoch = 0, long? id = null, string[]? values = null)
        {
            var batch = WireBatch.Create(values ?? ["v"], id ?? producer, epoch, sequence);
            return RecordScenarios.AskAsync(dialogue, step, Produce(topic, batch));
        }
    }

    /// <summary>Appends to one partition, and notes the answer without the time if it has one.</summary>
    public static async Task AskAsync(Dialogue dialogue, string step, Fields request)
    {
        var answer = (await dialogue.SendAsync("Produce", 9, request))!;
        if (
            answer.Only("responses").Only("partitionResponses") is var partition
            && partition.Get<long>("logAppendTimeMs") > 0
        )
            partition["logAppendTimeMs"] = "a time";
        dialogue.Note(step, answer);
    }

    public static async Task ProducerIdsAsync(Dialogue dialogue)
    {
        var known = await (await dialogue.ClientAsync()).ProducerIdAsync();
        (string, long, short)[] asked =
        [
            ("new", -1, -1),
            ("known", known, 0),
            ("known, older epoch", known, -1),
            ("unknown", known + 1_000_000, 3),
            ("without id, with epoch", -1, 5),
            ("negative id", -7, 0),
        ];
        foreach (var (step, id, epoch) in asked)
        {
            var answer = await dialogue.SendAsync("InitProducerId", 4, InitializeProducer(null, id, epoch));
            if (answer is not null)
                answer["producerId"] = answer.Get<long>("producerId") switch
                {
                    -1 => "none",
                    var given when given == id => "the same",
                    _ => "another",
                };
            dialogue.Note(step, answer ?? (object)"closed");
        }
    }

    private static byte[] Batch() => WireBatch.Create(["value"]);

    /// <summary>A batch whose one record says it has a value of 2 MB, which it has not: size is looked at first.</summary>
    private static byte[] Large()
    {
        byte[] batch = [.. Batch(), .. new byte[2_000_000]];
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(8), batch.Length - 12);
        return WireBatch.Sign(batch);
    }

    private static byte[] At(DateTimeOffset time)
    {
        var batch = Batch();
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(27), time.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(MaximumTimestamp), time.ToUnixTimeMilliseconds());
        return WireBatch.Sign(batch);
    }

    private static byte[] Longer(byte[] batch)
    {
        batch = [.. batch, 0];
        batch[11]++;
        return WireBatch.Sign(batch);
    }

    private static byte[] Signed(byte[] batch, int position, byte value) =>
        WireBatch.Sign(Changed(batch, position, value));

    private static byte[] Changed(byte[] batch, int position, byte value)
    {
        batch = [.. batch];
        batch[position] = value;
        return batch;
    }
}
