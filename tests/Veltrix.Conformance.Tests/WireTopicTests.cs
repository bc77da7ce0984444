using Veltrix.Conformance.Tests.Wire;
using Veltrix.Testing;
using static Veltrix.Conformance.Tests.Wire.WireRequests;

namespace Veltrix.Conformance.Tests;

/// <summary>Topics: what is told about them, how they come, change and go.</summary>
public sealed class WireTopicTests() : WireScenario(partitions: 2)
{
    [Fact]
    public async Task Metadata_InEveryVersion_DescribesTheTopic()
    {
        foreach (var version in Versions("Metadata", 0, 12))
        {
            var answer = await Client.SendAsync("Metadata", version, F(("topics", L(F(("name", Name))))));
            answer.List("brokers").Count.ShouldBeGreaterThan(0);
            var topic = answer.Only("topics");
            topic.Error.ShouldBe<short>(0);
            topic["name"].ShouldBe(Name);
            topic.List("partitions").Count.ShouldBe(2);
            var all = await Client.SendAsync("Metadata", version, []);
            all.List("topics").Select(each => each["name"]).ShouldContain(Name);
        }
    }

    [Fact]
    public async Task Metadata_ByTopicId_FindsItAndAnUnknownOneIsAnError()
    {
        var topics = L(F(("topicId", await Client.TopicIdAsync(Name))), F(("topicId", Guid.NewGuid())));
        var answer = await Client.SendAsync("Metadata", 12, F(("topics", topics)));
        answer.List("topics").Select(topic => topic.Error).ShouldBe<short>([0, 100], ignoreOrder: true);
    }

    [Fact]
    public async Task Topics_InEveryVersion_AreCreatedGrownAndDeleted()
    {
        foreach (var version in Versions("CreateTopics", 0, 7))
        {
            var name = $"{Name}-{version}";
            var setting = F(("name", "retention.ms"), ("value", "1000000"));
            var topic = F(("name", name), ("numPartitions", 1), ("replicationFactor", 1), ("configs", L(setting)));
            await IsAnsweredAsync("CreateTopics", version, F(("topics", L(topic))), "topics", 0);
            await IsAnsweredAsync("CreateTopics", version, F(("topics", L(topic))), "topics", 36);

            var growth = F(("topics", L(F(("name", name), ("count", 3)))));
            await IsAnsweredAsync("CreatePartitions", Nearest("CreatePartitions", version, 3), growth, "results", 0);

            var deletion = F(("topics", L(F(("name", name)))), ("topicNames", new[] { name }));
            var deleteVersion = Nearest("DeleteTopics", version, 6);
            await IsAnsweredAsync("DeleteTopics", deleteVersion, deletion, "responses", 0);
            await IsAnsweredAsync("DeleteTopics", deleteVersion, deletion, "responses", 3);
        }

        async Task IsAnsweredAsync(string api, short version, Fields request, string list, short error)
        {
            request["timeoutMs"] = 10_000;
            (await Client.SendAsync(api, version, request)).Only(list).Error.ShouldBe(error, $"{api} {version}");
        }
    }

    [Fact]
    public async Task CreateTopics_WithANameTwiceOrTooLikeAnother_IsRefused()
    {
        (await CreateAsync($"{Name}-a", $"{Name}-a")).ShouldBe<short>(42);
        (await CreateAsync($"{Name}.b")).ShouldBe<short>(0);
        (await CreateAsync($"{Name}_b")).ShouldBe<short>(17);

        async Task<short> CreateAsync(params string[] names)
        {
            var topics = names.Select(name => F(("name", name), ("numPartitions", 1), ("replicationFactor", -1)));
            var request = F(("topics", topics.ToArray()), ("timeoutMs", 10_000));
            return (await Client.SendAsync("CreateTopics", 5, request)).Only("topics").Error;
        }
    }

    [Fact]
    public async Task Configuration_InEveryVersion_IsDescribedAndChanged()
    {
        foreach (var version in Versions("DescribeConfigs", 0, 4))
        {
            var value = $"{version + 1000}";
            var altered = F(
                ("resourceType", 2),
                ("resourceName", Name),
                ("configs", L(F(("name", "retention.ms"), ("value", value))))
            );
            var (kind, last) = version % 2 == 0 ? ("AlterConfigs", 2) : ("IncrementalAlterConfigs", 1);
            var changed = await Client.SendAsync(
                kind,
                Nearest(kind, version, (short)last),
                F(("resources", L(altered)))
            );
            changed.Only("responses").Error.ShouldBe<short>(0);

            // A real cluster takes a moment until a change is everywhere.
            await Eventually.HoldsAsync(
                async () => await RetentionAsync(version) == value,
                cancellation: TestContext.Current.CancellationToken
            );
        }

        async Task<string> RetentionAsync(short version)
        {
            var asked = F(("resourceType", 2), ("resourceName", Name));
            var request = F(("resources", L(asked)), ("includeSynonyms", true));
            var described = (await Client.SendAsync("DescribeConfigs", version, request)).Only("results");
            described.Error.ShouldBe<short>(0);
            return described
                .List("configs")
                .Single(each => each.Get<string>("name") == "retention.ms")
                .Get<string>("value");
        }
    }
}
