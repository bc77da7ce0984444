using Veltrix.Conformance.Tests.Wire;
using static Veltrix.Conformance.Tests.Wire.WireRequests;

namespace Veltrix.Conformance.Tests.Comparison;

/// <summary>Topics: what is told about them, and how they come and go.</summary>
internal static class TopicScenarios
{
    public static async Task MetadataAsync(Dialogue dialogue)
    {
        var topic = await dialogue.TopicAsync("topic", 2);
        string[] names = [topic, dialogue.Unique("unknown"), "", "no/slash", new('n', 250), "."];
        foreach (var version in (short[])[1, 4, 5, 8, 9, 12])
        {
            foreach (var name in names)
            {
                var wanted = F(("topics", L(F(("name", name)))));
                await dialogue.AskAsync($"{Short(name)}, version {version}", "Metadata", version, wanted);
            }
            var twice = F(("topics", L(F(("name", topic)), F(("name", topic)))));
            await dialogue.AskAsync($"the same twice, version {version}", "Metadata", version, twice);
            await dialogue.AskAsync($"of none, version {version}", "Metadata", version, F(("topics", L())));
        }
        var id = await (await dialogue.ClientAsync()).TopicIdAsync(topic);
        Fields[] byId =
        [
            F(("topicId", id)),
            F(("topicId", Guid.NewGuid())),
            F(("topicId", id), ("name", topic)),
            F(("topicId", Guid.Empty)),
        ];
        for (var index = 0; index < byId.Length; index++)
            await dialogue.AskAsync($"by id {index}", "Metadata", 12, F(("topics", L(byId[index]))));
        await dialogue.AskAsync("by id before version 12", "Metadata", 10, F(("topics", L(F(("topicId", id))))));
        var allowed = F(
            ("topics", L(F(("name", topic)))),
            ("includeTopicAuthorizedOperations", true),
            ("includeClusterAuthorizedOperations", true)
        );
        await dialogue.AskAsync("with what is allowed", "Metadata", 8, allowed);
    }

    public static async Task CreationAsync(Dialogue dialogue)
    {
        var exists = await dialogue.TopicAsync("has.point");
        var underscore = exists.Replace("has.point", "has_point", StringComparison.Ordinal);
        string[] names =
        [
            exists,
            dialogue.Called(underscore, "has_point"),
            "",
            ".",
            "..",
            "no/slash",
            new('n', 250),
            "ä",
        ];
        foreach (var name in names)
            await CreateAsync($"name {Short(name)}", F(("name", name), ("numPartitions", 1), ("replicationFactor", 1)));

        foreach (
            var (partitions, replicas) in ((int, int)[])[(0, 1), (-2, 1), (1, 0), (1, 3), (1, -2), (-1, -1), (1, -1)]
        )
        {
            var wanted = F(("numPartitions", partitions), ("replicationFactor", replicas));
            await CreateAsync(
                $"{partitions} partitions, {replicas} replicas",
                Named(wanted, $"p{partitions}r{replicas}")
            );
        }

        (string, string?)[] settings =
        [
            ("retention.ms", "soon"),
            ("retention.ms", "-1"),
            ("retention.ms", "-2"),
            ("retention.ms", null),
            ("no.such.setting", "1"),
            ("segment.bytes", "1"),
            ("segment.bytes", "99999999999"),
            ("cleanup.policy", "shred"),
            ("compression.type", "best"),
            ("max.message.bytes", "-1"),
            ("min.insync.replicas", "0"),
            ("message.timestamp.type", "Whenever"),
        ];
        foreach (var (name, value) in settings)
        {
            var setting = F(("name", name), ("value", value));
            var wanted = F(("numPartitions", 1), ("replicationFactor", 1), ("configs", L(setting)));
            await CreateAsync($"{name}={value ?? "null"}", Named(wanted, $"{name}{value}"));
        }

        (string, Fields)[] assignments =
        [
            ("assigned", Assigned(-1, -1, (0, [1]), (1, [1]))),
            ("assigned and numbered", Assigned(1, 1, (0, [1]))),
            ("assigned with a gap", Assigned(-1, -1, (0, [1]), (2, [1]))),
            ("assigned twice", Assigned(-1, -1, (0, [1]), (0, [1]))),
            ("assigned to an unknown broker", Assigned(-1, -1, (0, [99]))),
            ("assigned to a broker twice", Assigned(-1, -1, (0, [1, 1]))),
            ("assigned to nobody", Assigned(-1, -1, (0, []))),
        ];
        foreach (var (step, wanted) in assignments)
            await CreateAsync(step, Named(wanted, step));

        var twice = Named(F(("numPartitions", 1), ("replicationFactor", 1)), "twice");
        await CreateAsync("named twice", twice, twice);
        var tried = Named(F(("numPartitions", 1), ("replicationFactor", 1)), "tried");
        var trial = F(("topics", L(tried)), ("timeoutMs", 10_000), ("validateOnly", true));
        await AskAsync("tried only", trial);
        await AskAsync("tried only, again", trial);
        await AskAsync("nothing", F(("topics", L()), ("timeoutMs", 10_000)));

        Fields Named(Fields wanted, string name)
        {
            wanted["name"] = dialogue.Unique(name.Replace(' ', '-'));
            return wanted;
        }

        Task CreateAsync(string step, params Fields[] topics) =>
            AskAsync(step, F(("topics", topics), ("timeoutMs", 10_000)));

        // Without the list of all settings: DescribeConfigs tells them, too.
        async Task AskAsync(string step, Fields request)
        {
            var answer = (await dialogue.SendAsync("CreateTopics", 7, request))!;
            foreach (var topic in answer.List("topics"))
                topic.Remove("configs");
            dialogue.Note(step, answer);
        }
    }

    public static async Task GrowthAndDeletionAsync(Dialogue dialogue)
    {
        var topic = await dialogue.TopicAsync("topic", 3);
        var unknown = dialogue.Unique("unknown");
        foreach (var count in (int[])[3, 2, 0, -1, 4])
            await GrowAsync($"to {count}", F(("name", topic), ("count", count)));
        await GrowAsync("of an unknown topic", F(("name", unknown), ("count", 4)));
        await GrowAsync("named twice", F(("name", topic), ("count", 7)), F(("name", topic), ("count", 8)));
        await GrowAsync(
            "assigned",
            F(("name", topic), ("count", 5), ("assignments", L(F(("brokerIds", new[] { 1 })))))
        );
        await GrowAsync(
            "assigned wrongly",
            F(("name", topic), ("count", 6), ("assignments", L(F(("brokerIds", new[] { 99 })))))
        );
        await GrowAsync(
            "assigned too few",
            F(("name", topic), ("count", 9), ("assignments", L(F(("brokerIds", new[] { 1 })))))
        );
        await GrowAsync("assigned nothing", F(("name", topic), ("count", 9), ("assignments", L())));
        var trial = F(("topics", L(F(("name", topic), ("count", 20)))), ("timeoutMs", 10_000), ("validateOnly", true));
        await dialogue.AskAsync("tried only", "CreatePartitions", 3, trial);

        await DeleteAsync("unknown", 5, F(("topicNames", new[] { unknown })));
        await DeleteAsync("unknown id", 6, F(("topics", L(F(("topicId", Guid.NewGuid()))))));
        await DeleteAsync("neither name nor id", 6, F(("topics", L([]))));
        var id = await (await dialogue.ClientAsync()).TopicIdAsync(topic);
        await DeleteAsync("name and id", 6, F(("topics", L(F(("name", topic), ("topicId", id))))));
        await DeleteAsync("named twice", 5, F(("topicNames", new[] { topic, topic })));
        await DeleteAsync("by id", 6, F(("topics", L(F(("topicId", id))))));
        await DeleteAsync("by id again", 6, F(("topics", L(F(("topicId", id))))));
        await DeleteAsync("nothing", 6, []);

        Task GrowAsync(string step, params Fields[] topics) =>
            dialogue.AskAsync($"grown {step}", "CreatePartitions", 3, F(("topics", topics), ("timeoutMs", 10_000)));

        Task DeleteAsync(string step, short version, Fields request)
        {
            request["timeoutMs"] = 10_000;
            return dialogue.AskAsync($"deleted {step}", "DeleteTopics", version, request);
        }
    }

    public static async Task ConfigurationsAsync(Dialogue dialogue)
    {
        var topic = await dialogue.TopicAsync("topic", 1, ("retention.ms", "123456"));
        string[] keys = ["retention.ms", "max.message.bytes", "no.such.setting"];
        foreach (var version in (short[])[1, 3, 4])
        {
            var resource = F(("resourceType", 2), ("resourceName", topic), ("configurationKeys", keys));
            var request = F(("resources", L(resource)), ("includeSynonyms", true));
            var answer = (await dialogue.SendAsync("DescribeConfigs", version, request))!;
            // What the node itself was given shows as a synonym; which that is, is the administrator's.
            foreach (var entry in answer.Only("results").List("configs"))
                entry.Remove("synonyms");
            dialogue.Note($"version {version}", answer);
        }
        (string, sbyte, string)[] resources =
        [
            ("unknown topic", 2, dialogue.Unique("unknown")),
            ("bad topic", 2, "no/slash"),
            ("unknown broker", 4, "99"),
            ("broker without a number", 4, "one"),
            ("unknown kind", 77, "x"),
        ];
        foreach (var (step, type, name) in resources)
        {
            var resource = F(("resourceType", type), ("resourceName", name), ("configurationKeys", keys));
            await dialogue.AskAsync($"described: {step}", "DescribeConfigs", 4, F(("resources", L(resource))));
            var changed = F(("resourceType", type), ("resourceName", name));
            await dialogue.AskAsync($"altered: {step}", "AlterConfigs", 2, F(("resources", L(changed))));
            await dialogue.AskAsync($"changed: {step}", "IncrementalAlterConfigs", 1, F(("resources", L(changed))));
        }
        (string, string, int, string?)[] changes =
        [
            ("set", "retention.ms", 0, "1000"),
            ("set to nonsense", "retention.ms", 0, "soon"),
            ("set to null", "retention.ms", 0, null),
            ("unknown setting", "no.such.setting", 0, "1"),
            ("unknown setting removed", "no.such.setting", 1, null),
            ("removed", "retention.ms", 1, null),
            ("removed again", "retention.ms", 1, null),
            ("appended to a number", "retention.ms", 2, "1"),
            ("appended to a list", "cleanup.policy", 2, "delete"),
            ("taken from a list", "cleanup.policy", 3, "compact"),
            ("unknown operation", "retention.ms", 9, "1"),
        ];
        foreach (var (step, name, operation, value) in changes)
        {
            var change = F(("name", name), ("configOperation", operation), ("value", value));
            await ChangeAsync(step, "IncrementalAlterConfigs", change);
        }
        var once = F(("name", "retention.ms"), ("value", "5000"));
        await ChangeAsync("the same twice", "IncrementalAlterConfigs", once, once);
        await ChangeAsync("replaced", "AlterConfigs", F(("name", "max.message.bytes"), ("value", "5000")));
        await ChangeAsync("replaced by null", "AlterConfigs", F(("name", "max.message.bytes"), ("value", null)));
        await ChangeAsync("replaced, the same twice", "AlterConfigs", once, once);
        var same = F(("resourceType", 2), ("resourceName", topic), ("configs", L(once)));
        await dialogue.AskAsync("one topic twice", "AlterConfigs", 2, F(("resources", L(same, same))));

        Task ChangeAsync(string step, string api, params Fields[] changes)
        {
            var resource = F(("resourceType", 2), ("resourceName", topic), ("configs", changes));
            return dialogue.AskAsync(step, api, 1, F(("resources", L(resource))));
        }
    }

    private static Fields Assigned(int partitions, int replicas, params (int Partition, int[] Brokers)[] assignments) =>
        F(
            ("numPartitions", partitions),
            ("replicationFactor", replicas),
            (
                "assignments",
                assignments.Select(each => F(("partitionIndex", each.Partition), ("brokerIds", each.Brokers))).ToArray()
            )
        );

    private static string Short(string name) =>
        name.Length == 0 ? "empty"
        : name.Length == 250 ? "of 250 letters"
        : name.Split('-')[0];
}
