using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Veltrix.Configuration;
using Veltrix.Ingest.Tests;

namespace Veltrix.Options.Tests.Probes;

/// <summary>Where an event goes.</summary>
internal static class RouteProbes
{
    public static IEnumerable<Probe> All =>
        [
            new("eventTypes", (nodes, path) => IsRefusedAsync(nodes, path, Only("com.github.*"))),
            new("eventTypes[].type", (nodes, path) => IsRefusedAsync(nodes, path, _ => "com.example.other")),
            new("eventTypes[].topic", GoesToTheOtherTopicAsync),
            new("eventTypes[].key", IsTheKeyOfTheRecordAsync),
        ];

    private static Func<PlatformConfiguration, JsonNode> Only(string type) =>
        configuration => new JsonArray(new JsonObject { ["type"] = type, ["topic"] = configuration.GitHubTopic() });

    private static async Task IsRefusedAsync(
        ProbedNodes nodes,
        string path,
        Func<PlatformConfiguration, JsonNode> change
    )
    {
        var host = await nodes.IngestAsync();
        var configuration = host.Configuration.Current.Configuration;
        (await host.PostMoveAsync()).ShouldBe(HttpStatusCode.Accepted);

        await host.WhileAsync(
            configuration.With(path, change(configuration)),
            async () => (await host.PostMoveAsync()).ShouldBe(HttpStatusCode.UnprocessableEntity)
        );
    }

    private static async Task GoesToTheOtherTopicAsync(ProbedNodes nodes, string path)
    {
        var host = await nodes.IngestAsync();
        var configuration = host.Configuration.Current.Configuration;
        var before = (await TestKafka.ReadAllAsync(configuration.GitHubTopic())).Count;
        (await host.PostMoveAsync()).ShouldBe(HttpStatusCode.Accepted);
        (await TestKafka.ReadAllAsync(configuration.GitHubTopic())).Count.ShouldBe(before);

        await host.WhileAsync(
            configuration.With(path, configuration.GitHubTopic()),
            async () =>
            {
                (await host.PostMoveAsync()).ShouldBe(HttpStatusCode.Accepted);
                (await TestKafka.ReadAllAsync(configuration.GitHubTopic())).Count.ShouldBe(before + 1);
            }
        );
    }

    private static async Task IsTheKeyOfTheRecordAsync(ProbedNodes nodes, string path)
    {
        var host = await nodes.IngestAsync();
        var configuration = host.Configuration.Current.Configuration;
        var topic = configuration.PlayersTopic();
        (await host.PostMoveAsync()).ShouldBe(HttpStatusCode.Accepted);
        (await KeysAsync()).ShouldNotContain("/probes");

        await host.WhileAsync(
            configuration.With(path, "source"),
            async () =>
            {
                (await host.PostMoveAsync()).ShouldBe(HttpStatusCode.Accepted);
                (await KeysAsync()).ShouldContain("/probes");
            }
        );

        async Task<IEnumerable<string>> KeysAsync() =>
            (await TestKafka.ReadAllAsync(topic)).Select(record => Encoding.UTF8.GetString(record.Message.Key));
    }
}
