using Confluent.Kafka;
using Veltrix.Conformance.Tests.Clients;
using Veltrix.Testing;

namespace Veltrix.Conformance.Tests.Tools;

/// <summary>The clients that Kafka's own system tests judge a server with.</summary>
public sealed class SystemTestClientTests
{
    private readonly string _topic = $"system-{Guid.NewGuid():N}";

    [Fact]
    public async Task ClientCompatibilityTest_FindsAllThatItsClientsNeed()
    {
        await JavaTools.CreateTopicAsync(_topic, 1);
        string[] expectations =
        [
            "--offsets-for-times-supported",
            "true",
            "--cluster-id-supported",
            "true",
            // A fetch gives at least one batch, however large (KIP-74).
            "--expect-record-too-large-exception",
            "false",
            "--num-cluster-nodes",
            "1",
            "--create-topics-supported",
            "true",
            "--describe-configs-supported",
            "true",
            "--idempotent-producer-supported",
            "true",
            // There are no access control lists: one node of one user.
            "--describe-acls-supported",
            "false",
        ];
        await JavaTools.ToolAsync("ClientCompatibilityTest", ["--topic", _topic, .. expectations]);
    }

    [Fact]
    public async Task TransactionalMessageCopier_CopiesEveryRecordOnce()
    {
        using var client = await ConfluentClient.CreateAsync(TestedKafka.Veltrix, _topic, partitions: 1);
        await client.CreateTopicAsync(_topic + "-copy", 1);
        using (var producer = client.Producer())
        {
            for (var index = 0; index < 500; index++)
                producer.Produce(_topic, new Message<string, string?> { Key = $"{index}", Value = $"{index}" });
            producer.Flush(ConfluentClient.Limit).ShouldBe(0);
        }
        await CopyAsync();

        using var copies = client.Member(
            "group-" + _topic,
            configuration => configuration.IsolationLevel = IsolationLevel.ReadCommitted
        );
        copies.Assign(new TopicPartitionOffset(_topic + "-copy", 0, 0));
        copies
            .Take(500)
            .Select(record => record.Message.Value)
            .ShouldBe(Enumerable.Range(0, 500).Select(index => $"{index}"));
    }

    [Fact]
    public async Task LogCompactionTester_FindsEachKeysLastValue()
    {
        await JavaTools.ToolAsync(
            "LogCompactionTester",
            ["--messages", "20000", "--sleep", "5", "--compression-type", "lz4"]
        );
    }

    private async Task CopyAsync()
    {
        var servers = await TestedKafka.Veltrix.ServersAsync();
        var (exitCode, output, errors) = await ApacheKafka.RunAsync(
            "org.apache.kafka.tools.TransactionalMessageCopier",
            [
                "--broker-list",
                servers,
                "--input-topic",
                _topic,
                "--input-partition",
                "0",
                "--output-topic",
                _topic + "-copy",
                "--transactional-id",
                _topic,
                "--consumer-group",
                "copier-" + _topic,
                "--max-messages",
                "500",
                "--transaction-size",
                "50",
                "--enable-random-aborts",
            ]
        );
        exitCode.ShouldBe(0, output + errors);
    }
}
