using Confluent.Kafka;

namespace Veltrix.Conformance.Tests.Clients;

/// <summary>Confluent.Kafka on librdkafka: consumer groups.</summary>
public sealed class ConfluentGroupTests
{
    private readonly string _topic = $"confluent-group-{Guid.NewGuid():N}";

    [Theory]
    [InlineData(TestedKafka.Veltrix, PartitionAssignmentStrategy.Range)]
    [InlineData(TestedKafka.Veltrix, PartitionAssignmentStrategy.RoundRobin)]
    [InlineData(TestedKafka.Veltrix, PartitionAssignmentStrategy.CooperativeSticky)]
    [InlineData(TestedKafka.Apache, PartitionAssignmentStrategy.Range)]
    [InlineData(TestedKafka.Apache, PartitionAssignmentStrategy.RoundRobin)]
    [InlineData(TestedKafka.Apache, PartitionAssignmentStrategy.CooperativeSticky)]
    public async Task Members_ThatComeAndGoWhileRecordsArrive_ReadAllOfThem(
        TestedKafka kafka,
        PartitionAssignmentStrategy strategy
    )
    {
        using var client = await ConfluentClient.CreateAsync(kafka, _topic, partitions: 4);
        using var producer = client.Producer();
        var sent = 0;
        using var first = client.Member(
            "group" + _topic,
            configuration => configuration.PartitionAssignmentStrategy = strategy
        );
        using var second = client.Member(
            "group" + _topic,
            configuration => configuration.PartitionAssignmentStrategy = strategy
        );
        first.Subscribe(_topic);
        var read = new HashSet<string?>(PollAndProduceUntil(() => first.Assignment.Count == 4, first));
        second.Subscribe(_topic);
        read.UnionWith(
            PollAndProduceUntil(() => first.Assignment.Count == 2 && second.Assignment.Count == 2, first, second)
        );
        first.Assignment.Intersect(second.Assignment).ShouldBeEmpty();
        // What the first has read is committed, so that the second goes on there.
        CommitPositions(first);
        first.Close();
        read.UnionWith(PollAndProduceUntil(() => second.Assignment.Count == 4, second));
        Consuming.PollUntil(() =>
        {
            if (second.Consume(TimeSpan.FromMilliseconds(10)) is { } record)
                read.Add(record.Message.Value);
            return read.Count == sent;
        });

        List<string?> PollAndProduceUntil(Func<bool> condition, params IConsumer<string, string?>[] members) =>
            Consuming.PollUntil(
                () =>
                {
                    for (var partition = 0; partition < 4; partition++, sent++)
                        producer.Produce(
                            new TopicPartition(_topic, partition),
                            new Message<string, string?> { Value = $"{sent}" }
                        );
                    producer.Flush(ConfluentClient.Limit).ShouldBe(0);
                    return condition();
                },
                members
            );
    }

    [Theory]
    [InlineData(TestedKafka.Veltrix)]
    [InlineData(TestedKafka.Apache)]
    public async Task StaticMember_ThatRestarts_CausesNoRebalance(TestedKafka kafka)
    {
        using var client = await ConfluentClient.CreateAsync(kafka, _topic, partitions: 4);
        var revocations = 0;
        using var staying = client
            .MemberBuilder("group" + _topic, configuration => configuration.GroupInstanceId = "one")
            .SetPartitionsRevokedHandler((_, _) => revocations++)
            .Build();
        staying.Subscribe(_topic);
        using (var leaving = client.Member("group" + _topic, configuration => configuration.GroupInstanceId = "two"))
        {
            leaving.Subscribe(_topic);
            Consuming.PollUntil(() => staying.Assignment.Count == 2 && leaving.Assignment.Count == 2, staying, leaving);
            leaving.Close();
        }
        revocations = 0;
        using var back = client.Member("group" + _topic, configuration => configuration.GroupInstanceId = "two");
        back.Subscribe(_topic);
        Consuming.PollUntil(() => back.Assignment.Count == 2, staying, back);
        revocations.ShouldBe(0);
        staying.Assignment.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(TestedKafka.Veltrix)]
    [InlineData(TestedKafka.Apache)]
    public async Task SeekTimesAndCommits_AnswerWhatTheLogHolds(TestedKafka kafka)
    {
        using var client = await ConfluentClient.CreateAsync(kafka, _topic, partitions: 1);
        // Of today: what is older than the topic keeps may be gone before it is read.
        var start = DateTime.UtcNow.AddHours(-1);
        using var producer = client.Producer();
        for (var minute = 0; minute < 10; minute++)
        {
            var message = new Message<string, string?>
            {
                Value = $"{minute}",
                Timestamp = new Timestamp(start.AddMinutes(minute)),
            };
            await producer.ProduceAsync(_topic, message, TestContext.Current.CancellationToken);
        }
        var partition = new TopicPartition(_topic, 0);
        using var consumer = client.Reader();
        consumer.Take(10);
        consumer.Seek(new TopicPartitionOffset(partition, 4));
        consumer.Take(1)[0].Message.Value.ShouldBe("4");
        var watermarks = consumer.QueryWatermarkOffsets(partition, ConfluentClient.Limit);
        (watermarks.Low.Value, watermarks.High.Value).ShouldBe((0, 10));
        TimeOf(6.5).ShouldBe(7);
        TimeOf(-1).ShouldBe(0);
        TimeOf(120).ShouldBe(Offset.End.Value);
        consumer.Commit([new TopicPartitionOffset(partition, 8)]);
        consumer.Committed([partition], ConfluentClient.Limit)[0].Offset.Value.ShouldBe(8);

        long TimeOf(double minutes)
        {
            var wanted = new TopicPartitionTimestamp(partition, new Timestamp(start.AddMinutes(minutes)));
            return consumer.OffsetsForTimes([wanted], ConfluentClient.Limit)[0].Offset.Value;
        }
    }

    private static void CommitPositions(IConsumer<string, string?> consumer)
    {
        var read = consumer.Assignment.Select(partition => new TopicPartitionOffset(
            partition,
            consumer.Position(partition)
        ));
        consumer.Commit(read.Where(position => position.Offset.Value >= 0));
    }
}
