using Veltrix.Testing;

namespace Veltrix.Conformance.Tests.Tools;

/// <summary>Kafka's own command lines for topics, settings and the cluster.</summary>
public sealed class AdministrationToolTests
{
    private readonly string _topic = $"administration-{Guid.NewGuid():N}";

    [Fact]
    public async Task TopicAndConfigCommand_CreateDescribeChangeAndDelete()
    {
        await JavaTools.CreateTopicAsync(_topic, 3);
        await JavaTools.ToolAsync("TopicCommand", ["--alter", "--topic", _topic, "--partitions", "4"]);
        const string config = "kafka.admin.ConfigCommand";
        string[] ofTopic = ["--entity-type", "topics", "--entity-name", _topic];
        await JavaTools.RunAsync(
            config,
            ["--alter", .. ofTopic, "--add-config", "max.message.bytes=200000,retention.ms=1000"]
        );
        await JavaTools.RunAsync(config, ["--alter", .. ofTopic, "--delete-config", "retention.ms"]);
        (await JavaTools.RunAsync(config, ["--describe", .. ofTopic])).ShouldContain(
            "max.message.bytes=200000 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:max.message.bytes=200000"
        );

        var described = await JavaTools.ToolAsync("TopicCommand", ["--describe", "--topic", _topic]);
        described.ShouldContain("PartitionCount: 4");
        described.ShouldContain("Configs: max.message.bytes=200000");
        described.ShouldNotContain("retention.ms");
        described.ShouldContain("Partition: 3\tLeader: 1\tReplicas: 1\tIsr: 1");

        await JavaTools.ToolAsync("TopicCommand", ["--delete", "--topic", _topic]);
        (await JavaTools.ToolAsync("TopicCommand", ["--list"])).ShouldNotContain(_topic);
    }

    [Fact]
    public async Task ClusterTools_DescribeTheOneNode()
    {
        var brokers = await JavaTools.RunAsync(
            "kafka.admin.ConfigCommand",
            ["--describe", "--entity-type", "brokers", "--entity-name", "1", "--all"]
        );
        brokers.ShouldContain("message.max.bytes=");
        var versions = await JavaTools.ToolAsync("BrokerApiVersionsCommand", []);
        versions.ShouldContain("(id: 1 ");
        versions.ShouldContain("Fetch(1): 0 to 16 [usable: 16]");
        // The tool takes the command before the servers.
        var (exitCode, output, errors) = await ApacheKafka.RunAsync(
            "org.apache.kafka.tools.ClusterTool",
            ["cluster-id", "--bootstrap-server", await TestedKafka.Veltrix.ServersAsync()]
        );
        exitCode.ShouldBe(0, errors);
        output.ShouldStartWith("Cluster ID: ");
    }
}
