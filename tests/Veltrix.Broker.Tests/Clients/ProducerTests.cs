using System.Text;
using Confluent.Kafka;

namespace Veltrix.Broker.Tests.Clients;

public sealed class ProducerTests
{
    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public async Task Produce_WithEveryCodec_IsStoredAsSentAndReadBack(CompressionType codec)
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("topic");
        var text = new string('v', 500);
        using (var producer = broker.Producer(configuration => configuration.CompressionType = codec))
        {
            for (var index = 0; index < 1000; index++)
                producer.Produce("topic", new Message<string, string> { Key = $"{index}", Value = text });
            producer.Flush(Consuming.Limit).ShouldBe(0);
        }

        using var consumer = broker.Consumer("group");
        consumer.Assign(new TopicPartitionOffset("topic", 0, 0));
        var records = consumer.Take(1000);
        records.Select(record => record.Message.Key).ShouldBe(Enumerable.Range(0, 1000).Select(index => $"{index}"));
        records.ShouldAllBe(record => record.Message.Value == text);
        // Compressed on the wire is compressed in the log: the broker announces what librdkafka needs to see for it.
        var stored = broker.Node.Topics.Partition("topic", 0)!.TotalBytes;
        (stored < 1000 * 500 / 2).ShouldBe(codec != CompressionType.None);
    }

    [Fact]
    public async Task Produce_HeadersNullsAndTimestamps_ComeBackUnchanged()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("topic");
        using var producer = broker.Producer();
        var timestamp = new Timestamp(new DateTime(2026, 5, 4, 3, 2, 1, DateTimeKind.Utc));
        var headers = new Headers
        {
            { "a", Encoding.UTF8.GetBytes("1") },
            { "empty", [] },
            { "null", null },
        };
        var sent = await producer.ProduceAsync(
            "topic",
            new Message<string, string>
            {
                Value = "v",
                Headers = headers,
                Timestamp = timestamp,
            },
            TestContext.Current.CancellationToken
        );
        sent.Offset.Value.ShouldBe(0);
        sent.Status.ShouldBe(PersistenceStatus.Persisted);

        using var consumer = broker.Consumer("group");
        consumer.Assign(new TopicPartitionOffset("topic", 0, 0));
        var record = consumer.Take(1).Single().Message;
        record.Key.ShouldBeNull();
        record.Timestamp.ShouldBe(timestamp);
        record.Headers.Select(header => header.Key).ShouldBe(["a", "empty", "null"]);
        record.Headers[0].GetValueBytes().ShouldBe([(byte)'1']);
        record.Headers[2].GetValueBytes().ShouldBeNull();
    }

    [Theory]
    [InlineData(Acks.None)]
    [InlineData(Acks.Leader)]
    [InlineData(Acks.All)]
    public async Task Produce_WithEveryAcknowledgement_Arrives(Acks acks)
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("topic");
        using var producer = broker.Producer(configuration =>
        {
            configuration.EnableIdempotence = false;
            configuration.Acks = acks;
        });
        for (var index = 0; index < 100; index++)
            producer.Produce("topic", new Message<string, string> { Value = $"{index}" });
        producer.Flush(Consuming.Limit);

        using var consumer = broker.Consumer("group");
        consumer.Assign(new TopicPartitionOffset("topic", 0, 0));
        consumer
            .Take(100)
            .Select(record => record.Message.Value)
            .ShouldBe(Enumerable.Range(0, 100).Select(index => $"{index}"));
    }

    [Fact]
    public async Task Produce_ToATopicThatDoesNotExist_Fails()
    {
        await using var broker = await TestBroker.StartAsync();
        using var producer = broker.Producer(configuration => configuration.MessageTimeoutMs = 2000);
        var error = await Should.ThrowAsync<ProduceException<string, string>>(() =>
            producer.ProduceAsync("missing", new Message<string, string> { Value = "v" })
        );
        error.Error.Code.ShouldBeOneOf(
            ErrorCode.Local_UnknownTopic,
            ErrorCode.UnknownTopicOrPart,
            ErrorCode.Local_MsgTimedOut
        );
    }

    [Fact]
    public async Task Produce_WithAutomaticTopics_CreatesThem()
    {
        await using var broker = await TestBroker.StartAsync(options =>
        {
            options.AutoCreateTopics = true;
            options.DefaultPartitions = 2;
        });
        using var producer = broker.Producer();
        await producer.ProduceAsync(
            "new",
            new Message<string, string> { Value = "v" },
            TestContext.Current.CancellationToken
        );
        broker.Node.Topics.Find("new")!.Partitions.Length.ShouldBe(2);
    }

    [Fact]
    public async Task Produce_LargerThanTheTopicAllows_IsRefusedAndSmallerGoesOn()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("topic", configuration: new() { ["max.message.bytes"] = "2000" });
        using var producer = broker.Producer();
        var error = await Should.ThrowAsync<ProduceException<string, string>>(() =>
            producer.ProduceAsync("topic", new Message<string, string> { Value = new string('x', 5000) })
        );
        error.Error.Code.ShouldBe(ErrorCode.MsgSizeTooLarge);
        using var again = broker.Producer();
        await again.ProduceAsync(
            "topic",
            new Message<string, string> { Value = "v" },
            TestContext.Current.CancellationToken
        );
    }

    [Fact]
    public async Task Produce_OverARestartOfTheBroker_LosesAndRepeatsNothing()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("topic");
        using var producer = broker.Producer();
        for (var index = 0; index < 3000; index++)
        {
            producer.Produce("topic", new Message<string, string> { Value = $"{index}" });
            if (index is 1000 or 2000)
                await broker.RestartAsync();
        }
        producer.Flush(Consuming.Limit).ShouldBe(0);

        using var consumer = broker.Consumer("group");
        consumer.Assign(new TopicPartitionOffset("topic", 0, 0));
        consumer
            .Take(3000)
            .Select(record => record.Message.Value)
            .ShouldBe(Enumerable.Range(0, 3000).Select(index => $"{index}"));
        broker.Node.Topics.Partition("topic", 0)!.HighWatermark.ShouldBe(3000);
    }
}
