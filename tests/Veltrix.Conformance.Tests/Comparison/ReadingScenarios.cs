using Veltrix.Conformance.Tests.Wire;
using static Veltrix.Conformance.Tests.Wire.WireRequests;

namespace Veltrix.Conformance.Tests.Comparison;

/// <summary>Reading records, and finding them.</summary>
internal static class ReadingScenarios
{
    public static async Task FetchingAsync(Dialogue dialogue)
    {
        var topic = await dialogue.TopicAsync("topic", 2);
        await dialogue.AppendAsync(topic, "a", "b", "c", "d");
        await DeleteRecordsAsync(dialogue, topic, 1);
        var id = await (await dialogue.ClientAsync()).TopicIdAsync(topic);
        for (short version = 4; version <= 16; version++)
            await AskAsync($"version {version}", version, FetchPartition(1));
        foreach (var offset in (long[])[0, 3, 4, 5, -1])
            await AskAsync($"from {offset}", 11, FetchPartition(offset));
        await AskAsync("unknown partition", 11, FetchPartition(0, partition: 9));
        await AskAsync("good and unknown partition", 11, FetchPartition(1), FetchPartition(0, partition: 9));
        await AskAsync("one byte", 11, FetchPartition(1, bytes: 1));
        await AskAsync("no byte", 11, FetchPartition(1, bytes: 0));
        await AskAsync("one partition twice", 11, FetchPartition(1), FetchPartition(3));
        await AskIsolatedAsync("committed records", 11, 1, FetchPartition(1));
        await AskIsolatedAsync("isolation level 7", 11, 7, FetchPartition(1));
        await AskAsync("leader epoch from the future", 11, FetchPartition(1, epoch: 99));
        await AskAsync("negative leader epoch", 11, FetchPartition(1, epoch: -5));
        await AskAsync("last fetched epoch from the future", 12, FetchPartition(1, lastEpoch: 99));
        await AskAsync("no partition", 11);
        await dialogue.AskAsync("no topic", "Fetch", 11, Fetch([]));
        topic = dialogue.Unique("unknown");
        await AskAsync("unknown topic", 11, FetchPartition(0));
        id = Guid.NewGuid();
        await AskAsync("unknown topic id", 13, FetchPartition(0));
        id = Guid.Empty;
        await AskAsync("no topic id", 13, FetchPartition(0));

        Task AskAsync(string step, short version, params Fields[] partitions) =>
            AskIsolatedAsync(step, version, 0, partitions);

        Task AskIsolatedAsync(string step, short version, sbyte isolation, params Fields[] partitions)
        {
            var request = Fetch(L(F(("topic", topic), ("topicId", id), ("partitions", partitions))));
            request["isolationLevel"] = isolation;
            return dialogue.AskAsync(step, "Fetch", version, request);
        }
    }

    public static async Task SessionsAsync(Dialogue dialogue)
    {
        var topic = await dialogue.TopicAsync("topic");
        await dialogue.AppendAsync(topic, "a");
        var session = await OpenAsync();
        dialogue.Note("a session is opened", session != 0);
        await AskAsync("unknown session", session + 1_000_000, 1);
        await AskAsync("closed", session, -1);
        await AskAsync("negative epoch", 0, -7);
        await AskAsync("wrong epoch", await OpenAsync(), 9);

        async Task<int> OpenAsync() => (await SendAsync(0, 0)).Get<int>("sessionId");

        async Task AskAsync(string step, int id, int epoch)
        {
            var answer = await SendAsync(id, epoch);
            dialogue.Note(step, F(("errorCode", answer["errorCode"]), ("responses", answer.List("responses").Count)));
        }

        async Task<Fields> SendAsync(int id, int epoch)
        {
            var request = Fetch(topic, L(FetchPartition(0)));
            request["sessionId"] = id;
            request["sessionEpoch"] = epoch;
            return (await dialogue.SendAsync("Fetch", 11, request))!;
        }
    }

    public static async Task OffsetsAsync(Dialogue dialogue)
    {
        var topic = await dialogue.TopicAsync("topic");
        var empty = await dialogue.TopicAsync("empty");
        await dialogue.AppendAsync(topic, "a", "b", "c");
        await DeleteRecordsAsync(dialogue, topic, 1);
        for (short version = 1; version <= 9; version++)
        {
            foreach (var timestamp in (long[])[-1, -2, -3, -4, -5, -6, 0, long.MaxValue])
                await AskAsync($"{timestamp}, version {version}", version, topic, timestamp);
        }
        foreach (var timestamp in (long[])[-1, -2, -3, 0])
            await AskAsync($"{timestamp} of an empty one", 7, empty, timestamp);
        await AskAsync("unknown topic", 7, dialogue.Unique("unknown"), -1);
        await AskAsync("unknown partition", 7, topic, -1, partition: 7);
        await AskAsync("leader epoch from the future", 7, topic, -1, epoch: 99);
        await AskAsync("committed", 7, topic, -1, isolation: 1);
        await dialogue.AskAsync("nothing", "ListOffsets", 7, F(("replicaId", -1)));
        var twice = F(("partitionIndex", 0), ("timestamp", -1), ("currentLeaderEpoch", -1));
        var request = F(("replicaId", -1), ("topics", Of(topic, twice, twice)));
        await dialogue.AskAsync("one partition twice", "ListOffsets", 7, request);

        async Task AskAsync(
            string step,
            short version,
            string name,
            long timestamp,
            int partition = 0,
            int epoch = -1,
            sbyte isolation = 0
        )
        {
            var wanted = F(("partitionIndex", partition), ("timestamp", timestamp), ("currentLeaderEpoch", epoch));
            var topics = Of(name, wanted);
            var asked = F(("replicaId", -1), ("isolationLevel", isolation), ("topics", topics));
            var answer = await dialogue.SendAsync("ListOffsets", version, asked);
            if (answer?.Only("topics").Only("partitions") is { } found && found.Get<long>("timestamp") > 0)
            {
                found["timestamp"] = "a time";
                // Which of those with the same time it is, is told differently even by one broker.
                if (timestamp == -3)
                    found["offset"] = "an offset";
            }
            dialogue.Note(step, answer ?? (object)"closed");
        }
    }

    public static async Task EpochsAndDeletionAsync(Dialogue dialogue)
    {
        var topic = await dialogue.TopicAsync("topic");
        await dialogue.AppendAsync(topic, "a", "b", "c");
        foreach (var (current, asked) in ((int, int)[])[(-1, 0), (-1, 9), (-1, -1), (99, 0), (-1, -5)])
            await EpochAsync($"epoch {asked}, current {current}", topic, 0, current, asked);
        await EpochAsync("epoch of an unknown partition", topic, 9, -1, 0);
        await EpochAsync("epoch of an unknown topic", dialogue.Unique("unknown"), 0, -1, 0);

        foreach (var offset in (long[])[2, 1, 4, -1, -2, 0])
            await DeleteAsync($"deleted to {offset}", topic, 0, offset);
        await DeleteAsync("deleted of an unknown partition", topic, 9, 0);
        await DeleteAsync("deleted of an unknown topic", dialogue.Unique("unknown too"), 0, 0);
        await dialogue.AskAsync("deleted of none", "DeleteRecords", 2, F(("timeoutMs", 1000)));

        Task EpochAsync(string step, string name, int partition, int current, int epoch)
        {
            var wanted = F(("partition", partition), ("currentLeaderEpoch", current), ("leaderEpoch", epoch));
            var topics = Of(name, wanted);
            return dialogue.AskAsync(step, "OffsetForLeaderEpoch", 4, F(("replicaId", -1), ("topics", topics)));
        }

        Task DeleteAsync(string step, string name, int partition, long offset)
        {
            var wanted = F(("partitionIndex", partition), ("offset", offset));
            var topics = Of(name, wanted);
            return dialogue.AskAsync(step, "DeleteRecords", 2, F(("topics", topics), ("timeoutMs", 10_000)));
        }
    }

    private static Task DeleteRecordsAsync(Dialogue dialogue, string topic, long offset)
    {
        var topics = Of(topic, F(("partitionIndex", 0), ("offset", offset)));
        return dialogue.SendAsync("DeleteRecords", 1, F(("topics", topics), ("timeoutMs", 10_000)));
    }
}
