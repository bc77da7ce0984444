using System.Net;
using System.Text.Json.Nodes;
using Veltrix.Ingest.Tests;

namespace Veltrix.Options.Tests.Probes;

/// <summary>What the broker has after a node took the configuration; each probe publishes topics of its own.</summary>
internal static class TopicProbes
{
    private const string Topic = "clusters[].topics[]";

    public static IEnumerable<Probe> All =>
        [
            new("clusters", (nodes, path) => IsCreatedAsync(nodes, path, Cluster)),
            new("clusters[].topics", (nodes, path) => IsCreatedAsync(nodes, path, Topics)),
            new($"{Topic}.name", (nodes, path) => IsCreatedAsync(nodes, path, topic => topic)),
            new("clusters[].name", IsTakenAwayAsync),
            new($"{Topic}.partitions", IsCreatedWithPartitionsAsync),
            new($"{Topic}.replicationFactor", IsNotCreatedWithMoreThanTheBrokerHasAsync),
            new($"{Topic}.minimumInsyncReplicas", IsNotCreatedWithMoreThanTheBrokerHasAsync),
            new($"{Topic}.retentionHours", IsGivenToATopicThatIsThereAsync),
        ];

    private static JsonArray Topics(string topic) => [new JsonObject { ["name"] = topic, ["partitions"] = 1 }];

    private static JsonArray Cluster(string topic) =>
        [new JsonObject { ["name"] = "kafka", ["topics"] = Topics(topic) }];

    private static async Task IsCreatedAsync(ProbedNodes nodes, string path, Func<string, JsonNode> change)
    {
        var host = await nodes.IngestAsync();
        var topic = $"probe-{Guid.NewGuid():N}";
        (await TestKafka.HasTopicAsync(topic)).ShouldBeFalse();

        await host.WhileAsync(
            host.Configuration.Current.Configuration.With(path, change(topic)),
            () => Wait.UntilAsync(() => TestKafka.HasTopicAsync(topic))
        );
    }

    // No node has a connection string of that name.
    private static async Task IsTakenAwayAsync(ProbedNodes nodes, string path)
    {
        var host = await nodes.IngestAsync();
        await host.AnswersAsync(HttpStatusCode.Accepted);

        await host.WhileAsync(
            host.Configuration.Current.Configuration.With(path, "elsewhere"),
            () => host.AnswersAsync(HttpStatusCode.ServiceUnavailable)
        );
    }

    private static async Task IsCreatedWithPartitionsAsync(ProbedNodes nodes, string path)
    {
        var host = await nodes.IngestAsync();
        foreach (var partitions in new[] { 3, 5 })
        {
            var fresh = TestKafka.Configuration().With(path, partitions);
            await host.WhileAsync(
                fresh,
                async () =>
                {
                    await host.AnswersAsync(HttpStatusCode.Accepted);
                    (await TestKafka.PartitionsAsync(fresh.PlayersTopic())).ShouldBe(partitions);
                }
            );
        }
    }

    // A single broker has one copy to give.
    private static async Task IsNotCreatedWithMoreThanTheBrokerHasAsync(ProbedNodes nodes, string path)
    {
        var host = await nodes.IngestAsync();
        await host.WhileAsync(
            TestKafka.Configuration().With(path, 1),
            () => host.AnswersAsync(HttpStatusCode.Accepted)
        );
        var fresh = TestKafka.Configuration().With(path, 2);
        await host.WhileAsync(
            fresh,
            async () =>
            {
                await Wait.UntilAsync(() => TestKafka.HasTopicAsync(fresh.GitHubTopic()));
                (await host.PostMoveAsync()).ShouldBe(HttpStatusCode.ServiceUnavailable);
                (await TestKafka.HasTopicAsync(fresh.PlayersTopic())).ShouldBeFalse();
            }
        );
    }

    private static async Task IsGivenToATopicThatIsThereAsync(ProbedNodes nodes, string path)
    {
        const string Retention = "retention.ms";
        const string FiveHours = "18000000";
        var host = await nodes.IngestAsync();
        var configuration = host.Configuration.Current.Configuration;
        var topic = configuration.PlayersTopic();
        (await TestKafka.SettingAsync(topic, Retention)).ShouldNotBe(FiveHours);

        await host.WhileAsync(
            configuration.With(path, 5),
            () => Wait.UntilAsync(async () => await TestKafka.SettingAsync(topic, Retention) == FiveHours)
        );
    }
}
