using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Veltrix.Testing;

namespace Veltrix.Conformance.Tests.Clients;

/// <summary>Confluent.Kafka on librdkafka: administration.</summary>
public sealed class ConfluentAdminTests
{
    private readonly string _topic = $"confluent-admin-{Guid.NewGuid():N}";

    [Theory]
    [InlineData(TestedKafka.Veltrix)]
    [InlineData(TestedKafka.Apache)]
    public async Task Topics_AreCreatedGrownConfiguredAndDeleted(TestedKafka kafka)
    {
        using var client = await ConfluentClient.CreateAsync(kafka, _topic, partitions: 2);
        var exists = await Should.ThrowAsync<CreateTopicsException>(() => client.CreateTopicAsync(_topic, 2));
        exists.Results[0].Error.Code.ShouldBe(ErrorCode.TopicAlreadyExists);
        var wrong = await Should.ThrowAsync<CreateTopicsException>(() =>
            client.CreateTopicAsync(_topic + "-2", 2, new() { ["retention.ms"] = "soon" })
        );
        wrong.Results[0].Error.Code.ShouldBe(ErrorCode.InvalidConfig);

        await client.Admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = _topic, IncreaseTo = 5 }]);
        await HoldsAsync(() => Metadata()?.Partitions.Count == 5);

        var resource = new ConfigResource { Type = ResourceType.Topic, Name = _topic };
        var entries = new List<ConfigEntry>
        {
            new() { Name = "segment.bytes", Value = "1048576" },
        };
        await client.Admin.AlterConfigsAsync(new() { [resource] = entries });
        await Eventually.HoldsAsync(
            async () =>
            {
                var described = (await client.Admin.DescribeConfigsAsync([resource]))[0].Entries;
                return described["segment.bytes"] is { Value: "1048576", IsDefault: false };
            },
            cancellation: TestContext.Current.CancellationToken
        );

        await client.Admin.DeleteTopicsAsync([_topic]);
        await HoldsAsync(() => Metadata() is null);

        Task HoldsAsync(Func<bool> condition) =>
            Eventually.HoldsAsync(condition, cancellation: TestContext.Current.CancellationToken);

        TopicMetadata? Metadata() =>
            client.Admin.GetMetadata(ConfluentClient.Limit).Topics.Find(topic => topic.Topic == _topic);
    }

    [Theory]
    [InlineData(TestedKafka.Veltrix)]
    [InlineData(TestedKafka.Apache)]
    public async Task Records_AreDeletedUpToAnOffset(TestedKafka kafka)
    {
        using var client = await ConfluentClient.CreateAsync(kafka, _topic, partitions: 1);
        using var producer = client.Producer();
        for (var index = 0; index < 10; index++)
            await producer.ProduceAsync(
                _topic,
                new Message<string, string?> { Value = $"{index}" },
                TestContext.Current.CancellationToken
            );
        var deleted = await client.Admin.DeleteRecordsAsync([new TopicPartitionOffset(_topic, 0, 6)]);
        deleted[0].Offset.Value.ShouldBe(6);
        using var consumer = client.Member("group-" + _topic);
        consumer.Assign(new TopicPartitionOffset(_topic, 0, Offset.Beginning));
        consumer.Take(4)[0].Message.Value.ShouldBe("6");
        var beyond = await Should.ThrowAsync<DeleteRecordsException>(() =>
            client.Admin.DeleteRecordsAsync([new TopicPartitionOffset(_topic, 0, 11)])
        );
        beyond.Results[0].Error.Code.ShouldBe(ErrorCode.OffsetOutOfRange);
    }

    [Theory]
    [InlineData(TestedKafka.Veltrix)]
    [InlineData(TestedKafka.Apache)]
    public async Task Groups_AreListedDescribedAndDeleted(TestedKafka kafka)
    {
        using var client = await ConfluentClient.CreateAsync(kafka, _topic, partitions: 2);
        var group = "group-" + _topic;
        using (var member = client.Member(group, configuration => configuration.ClientId = "client-7"))
        {
            member.Subscribe(_topic);
            Consuming.PollUntil(() => member.Assignment.Count == 2, member);
            client.Admin.ListGroups(ConfluentClient.Limit).ConvertAll(each => each.Group).ShouldContain(group);
            var described = client.Admin.ListGroup(group, ConfluentClient.Limit);
            (described.State, described.ProtocolType, described.Protocol).ShouldBe(("Stable", "consumer", "range"));
            described.Members.ShouldHaveSingleItem().ClientId.ShouldBe("client-7");
            var busy = await Should.ThrowAsync<DeleteGroupsException>(() => client.Admin.DeleteGroupsAsync([group]));
            busy.Results[0].Error.Code.ShouldBe(ErrorCode.NonEmptyGroup);
            member.Close();
        }
        client.Admin.ListGroup(group, ConfluentClient.Limit).State.ShouldBe("Empty");
        await client.Admin.DeleteGroupsAsync([group]);
        var gone = await Should.ThrowAsync<DeleteGroupsException>(() => client.Admin.DeleteGroupsAsync([group]));
        gone.Results[0].Error.Code.ShouldBe(ErrorCode.GroupIdNotFound);
    }
}
