using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Veltrix.Broker.Tests.Clients;

public sealed class AdminTests
{
    [Fact]
    public async Task Topics_CreatedGrownAndDeleted_AreThereAfterARestartAsTheyShould()
    {
        await using var broker = await TestBroker.StartAsync();
        using var admin = Admin(broker);
        await broker.CreateTopicAsync("kept", 2);
        await broker.CreateTopicAsync("gone", 1);
        var before = broker.Node.Topics.Find("kept")!.Id;
        await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = "kept", IncreaseTo = 5 }]);
        await admin.DeleteTopicsAsync(["gone"]);
        await broker.RestartAsync();

        var metadata = admin.GetMetadata(Consuming.Limit);
        metadata.Topics.ShouldHaveSingleItem().Topic.ShouldBe("kept");
        metadata.Topics[0].Partitions.Count.ShouldBe(5);
        metadata.Brokers.ShouldHaveSingleItem().Port.ShouldBe(broker.Port);
        broker.Node.Topics.Find("kept")!.Id.ShouldBe(before);
    }

    [Fact]
    public async Task CreateTopics_WhatCannotBe_IsRefusedWithKafkasCodes()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("a.b");
        (await ErrorOfAsync("a.b")).ShouldBe(ErrorCode.TopicAlreadyExists);
        (await ErrorOfAsync("a_b")).ShouldBe(ErrorCode.TopicException);
        (await ErrorOfAsync("no/slash")).ShouldBe(ErrorCode.TopicException);
        (await ErrorOfAsync("c", replicas: 3)).ShouldBe(ErrorCode.InvalidReplicationFactor);
        (await ErrorOfAsync("c", partitions: 50_000)).ShouldBe(ErrorCode.InvalidPartitions);
        (await ErrorOfAsync("c", configuration: new() { ["retention.ms"] = "soon" })).ShouldBe(ErrorCode.InvalidConfig);
        (await ErrorOfAsync("c", configuration: new() { ["no.such"] = "1" })).ShouldBe(ErrorCode.InvalidConfig);

        async Task<ErrorCode> ErrorOfAsync(
            string name,
            short replicas = 1,
            int partitions = 1,
            Dictionary<string, string>? configuration = null
        )
        {
            using var admin = Admin(broker);
            var specification = new TopicSpecification
            {
                Name = name,
                ReplicationFactor = replicas,
                NumPartitions = partitions,
                Configs = configuration,
            };
            var error = await Should.ThrowAsync<CreateTopicsException>(() => admin.CreateTopicsAsync([specification]));
            return error.Results[0].Error.Code;
        }
    }

    [Fact]
    public async Task Configuration_Altered_IsDescribedAndSurvivesARestart()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("topic", configuration: new() { ["retention.ms"] = "1000" });
        using var admin = Admin(broker);
        var topic = new ConfigResource { Type = ResourceType.Topic, Name = "topic" };
        var entries = new List<ConfigEntry>
        {
            new() { Name = "segment.bytes", Value = "8192" },
        };
        await admin.AlterConfigsAsync(new Dictionary<ConfigResource, List<ConfigEntry>> { [topic] = entries });
        await broker.RestartAsync();

        var described = (await admin.DescribeConfigsAsync([topic]))[0].Entries;
        described["segment.bytes"].Value.ShouldBe("8192");
        described["segment.bytes"].IsDefault.ShouldBeFalse();
        // Altering replaces all of a topic's settings.
        described["retention.ms"].Value.ShouldBe("604800000");
        var node = new ConfigResource { Type = ResourceType.Broker, Name = "1" };
        (await admin.DescribeConfigsAsync([node]))[0].Entries["num.partitions"].Value.ShouldBe("6");
    }

    [Fact]
    public async Task DeleteTopic_ThenCreatedAgain_HasNeitherRecordsNorOffsets()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("topic");
        using (var producer = broker.Producer())
            await producer.ProduceAsync(
                "topic",
                new Message<string, string> { Value = "v" },
                TestContext.Current.CancellationToken
            );
        using var consumer = broker.Consumer("group");
        consumer.Assign(new TopicPartitionOffset("topic", 0, 0));
        consumer.Commit(consumer.Take(1)[0]);
        consumer.Unassign();
        using var admin = Admin(broker);
        await admin.DeleteTopicsAsync(["topic"]);
        await broker.CreateTopicAsync("topic");

        var partition = new TopicPartition("topic", 0);
        consumer.QueryWatermarkOffsets(partition, Consuming.Limit).High.Value.ShouldBe(0);
        consumer.Committed([partition], Consuming.Limit)[0].Offset.ShouldBe(Offset.Unset);
    }

    [Fact]
    public async Task Groups_AreListedWithTheirMembersAndDeletedWhenEmpty()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("topic", 2);
        using var admin = Admin(broker);
        using (var consumer = broker.Consumer("group", configuration => configuration.ClientId = "client-7"))
        {
            consumer.Subscribe("topic");
            Consuming.PollUntil(() => consumer.Assignment.Count == 2, consumer);
            var group = admin.ListGroup("group", Consuming.Limit);
            group.State.ShouldBe("Stable");
            group.Protocol.ShouldBe("range");
            group.Members.ShouldHaveSingleItem().ClientId.ShouldBe("client-7");
            consumer.Close();
        }
        admin.ListGroup("group", Consuming.Limit).State.ShouldBe("Empty");
        (await broker.Node.Groups.DeleteAsync("group")).ShouldBe(Veltrix.Broker.Protocol.ErrorCode.None);
        admin.ListGroups(Consuming.Limit).ShouldBeEmpty();
    }

    [Fact]
    public async Task DataDirectory_OfARunningBroker_IsRefusedToASecondOne()
    {
        await using var broker = await TestBroker.StartAsync();
        var error = await Should.ThrowAsync<BrokerStartException>(() =>
            TestBroker.StartAsync(options => options.DataDirectory = broker.Node.Options.DataDirectory)
        );
        error.Message.ShouldContain("another running broker");
    }

    private static IAdminClient Admin(TestBroker broker) =>
        new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.Servers }).Build();
}
