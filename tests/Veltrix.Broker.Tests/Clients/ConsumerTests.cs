using Confluent.Kafka;

namespace Veltrix.Broker.Tests.Clients;

public sealed class ConsumerTests
{
    [Fact]
    public async Task Consume_AfterACommit_GoesOnWhereItWas()
    {
        await using var broker = await WithRecordsAsync(partitions: 1, records: 100);
        using (var first = broker.Consumer("group"))
        {
            first.Subscribe("topic");
            first.Commit(first.Take(40)[^1]);
            first.Close();
        }
        await broker.RestartAsync();
        using var second = broker.Consumer("group");
        second.Subscribe("topic");
        second.Take(60)[0].Offset.Value.ShouldBe(40);
        second.Committed([new TopicPartition("topic", 0)], Consuming.Limit)[0].Offset.Value.ShouldBe(40);
    }

    [Theory]
    [InlineData(PartitionAssignmentStrategy.Range)]
    [InlineData(PartitionAssignmentStrategy.RoundRobin)]
    [InlineData(PartitionAssignmentStrategy.CooperativeSticky)]
    public async Task Subscribe_TwoConsumers_ShareThePartitionsAndTakeOverWhenOneLeaves(
        PartitionAssignmentStrategy strategy
    )
    {
        await using var broker = await WithRecordsAsync(partitions: 4, records: 0);
        using var first = broker.Consumer(
            "group",
            configuration => configuration.PartitionAssignmentStrategy = strategy
        );
        using var second = broker.Consumer(
            "group",
            configuration => configuration.PartitionAssignmentStrategy = strategy
        );
        first.Subscribe("topic");
        Consuming.PollUntil(() => first.Assignment.Count == 4, first);
        second.Subscribe("topic");
        Consuming.PollUntil(() => first.Assignment.Count == 2 && second.Assignment.Count == 2, first, second);
        first.Assignment.Intersect(second.Assignment).ShouldBeEmpty();

        first.Close();
        Consuming.PollUntil(() => second.Assignment.Count == 4, second);
    }

    [Fact]
    public async Task Subscribe_StaticMemberThatRestarts_CausesNoRebalance()
    {
        await using var broker = await WithRecordsAsync(partitions: 4, records: 0);
        var revocations = 0;
        using var staying = broker
            .ConsumerBuilder("group", configuration => configuration.GroupInstanceId = "one")
            .SetPartitionsRevokedHandler((_, _) => revocations++)
            .Build();
        staying.Subscribe("topic");
        using (var leaving = broker.Consumer("group", configuration => configuration.GroupInstanceId = "two"))
        {
            leaving.Subscribe("topic");
            Consuming.PollUntil(() => staying.Assignment.Count == 2 && leaving.Assignment.Count == 2, staying, leaving);
            leaving.Close();
        }
        revocations = 0;
        using var back = broker.Consumer("group", configuration => configuration.GroupInstanceId = "two");
        back.Subscribe("topic");
        Consuming.PollUntil(() => back.Assignment.Count == 2, staying, back);
        revocations.ShouldBe(0);
        staying.Assignment.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Subscribe_OverARestartOfTheBroker_KeepsMembershipAndCommits()
    {
        await using var broker = await WithRecordsAsync(partitions: 2, records: 100);
        var lost = 0;
        using var consumer = broker
            .ConsumerBuilder(
                "group",
                configuration =>
                    configuration.PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky
            )
            .SetPartitionsLostHandler((_, _) => lost++)
            .Build();
        consumer.Subscribe("topic");
        var records = consumer.Take(50);
        await broker.RestartAsync();
        consumer.Commit(records.Select(record => new TopicPartitionOffset(record.TopicPartition, record.Offset + 1)));
        consumer.Take(50).Count.ShouldBe(50);
        lost.ShouldBe(0);
        broker.Node.Groups.Find("group")!.Generation.ShouldBe(1);
    }

    [Fact]
    public async Task Seek_PauseWatermarksAndTimes_AnswerWhatTheLogHolds()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("topic");
        using var producer = broker.Producer();
        var start = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        for (var index = 0; index < 10; index++)
        {
            var message = new Message<string, string>
            {
                Value = $"{index}",
                Timestamp = new Timestamp(start.AddMinutes(index)),
            };
            await producer.ProduceAsync("topic", message, TestContext.Current.CancellationToken);
        }
        var partition = new TopicPartition("topic", 0);
        using var consumer = broker.Consumer("group");
        consumer.Assign(new TopicPartitionOffset(partition, 0));
        consumer.Take(10);
        consumer.Seek(new TopicPartitionOffset(partition, 4));
        consumer.Take(1)[0].Message.Value.ShouldBe("4");
        var watermarks = consumer.QueryWatermarkOffsets(partition, Consuming.Limit);
        (watermarks.Low.Value, watermarks.High.Value).ShouldBe((0, 10));
        var wanted = new TopicPartitionTimestamp(partition, new Timestamp(start.AddMinutes(6.5)));
        consumer.OffsetsForTimes([wanted], Consuming.Limit)[0].Offset.Value.ShouldBe(7);
        var late = new TopicPartitionTimestamp(partition, new Timestamp(start.AddDays(1)));
        consumer.OffsetsForTimes([late], Consuming.Limit)[0].Offset.ShouldBe(Offset.End);
    }

    [Fact]
    public async Task Consume_WaitingAtTheEnd_GetsARecordAsSoonAsItIsDurable()
    {
        await using var broker = await WithRecordsAsync(partitions: 1, records: 1);
        using var consumer = broker.Consumer("group", configuration => configuration.FetchWaitMaxMs = 30_000);
        consumer.Assign(new TopicPartitionOffset("topic", 0, 0));
        consumer.Take(1);
        consumer.Consume(Consuming.Limit).IsPartitionEOF.ShouldBeTrue();
        using var producer = broker.Producer();
        await producer.ProduceAsync(
            "topic",
            new Message<string, string> { Value = "late" },
            TestContext.Current.CancellationToken
        );

        // The client asked to be kept waiting for longer than this test waits.
        consumer.Consume(TimeSpan.FromSeconds(20))?.Message?.Value.ShouldBe("late");
    }

    private static async Task<TestBroker> WithRecordsAsync(int partitions, int records)
    {
        var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("topic", partitions);
        using var producer = broker.Producer();
        for (var index = 0; index < records; index++)
            producer.Produce("topic", new Message<string, string> { Key = $"{index}", Value = $"{index}" });
        producer.Flush(Consuming.Limit).ShouldBe(0);
        return broker;
    }
}
