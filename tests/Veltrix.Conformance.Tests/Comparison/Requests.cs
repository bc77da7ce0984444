using Veltrix.Conformance.Tests.Wire;
using Veltrix.Testing;

namespace Veltrix.Conformance.Tests.Comparison;

/// <summary>Short ways to write the requests that most scenarios need.</summary>
internal static class Requests
{
    public static Fields F(params (string Name, object? Value)[] fields)
    {
        var made = new Fields();
        foreach (var (name, value) in fields)
            made[name] = value;
        return made;
    }

    public static Fields[] L(params Fields[] items) => items;

    /// <summary>A topic that is there, everywhere.</summary>
    public static async Task<string> TopicAsync(
        this Dialogue dialogue,
        string name,
        int partitions = 1,
        params (string Name, string Value)[] settings
    )
    {
        var topic = dialogue.Unique(name);
        var configs = settings.Select(setting => F(("name", setting.Name), ("value", setting.Value))).ToArray();
        var wanted = F(("name", topic), ("numPartitions", partitions), ("replicationFactor", 1), ("configs", configs));
        await dialogue.SendAsync("CreateTopics", 5, F(("topics", L(wanted)), ("timeoutMs", 10_000)));
        await Eventually.HoldsAsync(async () =>
        {
            var answer = await dialogue.SendAsync("Metadata", 9, F(("topics", L(F(("name", topic))))));
            return answer!.Only("topics").Error == 0
                && answer.Only("topics").List("partitions").TrueForAll(each => each.Error == 0);
        });
        return topic;
    }

    public static async Task<Guid> TopicIdAsync(this Dialogue dialogue, string topic)
    {
        var answer = await dialogue.SendAsync("Metadata", 12, F(("topics", L(F(("name", topic))))));
        return answer!.Only("topics").Get<Guid>("topicId");
    }

    /// <summary>A group whose coordinator answers.</summary>
    public static async Task<string> GroupAsync(this Dialogue dialogue, string name)
    {
        var group = dialogue.Unique(name);
        await dialogue.CoordinatorAsync(group, 0);
        return group;
    }

    /// <summary>Asks until there is a coordinator that has loaded what it coordinates.</summary>
    public static async Task CoordinatorAsync(this Dialogue dialogue, string key, sbyte type)
    {
        await Eventually.HoldsAsync(async () =>
            (await dialogue.SendAsync("FindCoordinator", 1, F(("key", key), ("keyType", type))))!.Error == 0
        );
        if (type == 0)
            await Eventually.HoldsAsync(async () =>
                (await dialogue.SendAsync("Heartbeat", 0, F(("groupId", key), ("memberId", "nobody"))))!.Error is 25
            );
    }

    public static Fields Produce(string topic, byte[]? records, short acks = -1, int partition = 0) =>
        F(
            ("acks", acks),
            ("timeoutMs", 10_000),
            ("topicData", L(F(("name", topic), ("partitionData", L(F(("index", partition), ("records", records)))))))
        );

    /// <summary>Appends records one batch each, and waits until they can be read.</summary>
    public static async Task AppendAsync(this Dialogue dialogue, string topic, params string[] values)
    {
        foreach (var value in values)
            await Eventually.HoldsAsync(async () => await AppendOneAsync(value) == 0);

        // The leader of a new partition may need a moment.
        async Task<short> AppendOneAsync(string value) =>
            (await dialogue.SendAsync("Produce", 7, Produce(topic, WireBatch.Create([value]))))!
                .Only("responses")
                .Only("partitionResponses")
                .Error;
    }
}
