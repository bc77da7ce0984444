using System.Text;
using Confluent.Kafka;

namespace Veltrix.Conformance.Tests.Clients;

/// <summary>Confluent.Kafka on librdkafka: records and transactions.</summary>
public sealed class ConfluentTests
{
    private readonly string _topic = $"confluent-{Guid.NewGuid():N}";

    [Theory]
    [InlineData(TestedKafka.Veltrix)]
    [InlineData(TestedKafka.Apache)]
    public async Task Produce_WithEveryCodecAndIdempotence_GivesAllBackInOrder(TestedKafka kafka)
    {
        using var client = await ConfluentClient.CreateAsync(kafka, _topic, partitions: 1);
        CompressionType[] codecs =
        [
            CompressionType.None,
            CompressionType.Gzip,
            CompressionType.Snappy,
            CompressionType.Lz4,
            CompressionType.Zstd,
        ];
        foreach (var codec in codecs)
        {
            using var producer = client.Producer(configuration => configuration.CompressionType = codec);
            for (var index = 0; index < 300; index++)
                producer.Produce(_topic, new Message<string, string?> { Value = $"{codec} {index}" });
            producer.Flush(ConfluentClient.Limit).ShouldBe(0);
        }

        using var consumer = client.Reader();
        var expected = codecs.SelectMany(codec => Enumerable.Range(0, 300).Select(index => $"{codec} {index}"));
        consumer.Take(1500).Select(record => record.Message.Value).ShouldBe(expected);
    }

    [Theory]
    [InlineData(TestedKafka.Veltrix)]
    [InlineData(TestedKafka.Apache)]
    public async Task Produce_HeadersTombstonesTimesAndLargeOnes_ComeBackAsSent(TestedKafka kafka)
    {
        using var client = await ConfluentClient.CreateAsync(kafka, _topic, partitions: 1);
        var timestamp = new Timestamp(DateTime.UtcNow.AddHours(-1));
        Message<string, string?>[] messages =
        [
            new()
            {
                Key = "key",
                Value = "value",
                Timestamp = timestamp,
                Headers = [new Header("a", Encoding.UTF8.GetBytes("1")), new Header("a", null)],
            },
            new() { Key = "key", Value = null },
            new() { Value = new string('x', 1_000_000) },
        ];
        using var producer = client.Producer();
        foreach (var message in messages)
            await producer.ProduceAsync(_topic, message, TestContext.Current.CancellationToken);
        var tooLarge = new Message<string, string?> { Value = new string('x', 2_000_000) };
        var error = await Should.ThrowAsync<ProduceException<string, string?>>(() =>
            producer.ProduceAsync(_topic, tooLarge, TestContext.Current.CancellationToken)
        );
        error.Error.Code.ShouldBe(ErrorCode.MsgSizeTooLarge);

        using var consumer = client.Reader();
        var records = consumer.Take(3).ConvertAll(record => record.Message);
        records.Select(record => record.Value).ShouldBe(messages.Select(message => message.Value));
        records[0].Timestamp.ShouldBe(timestamp);
        records[0]
            .Headers.Select(header => (header.Key, header.GetValueBytes()?.Length))
            .ShouldBe([("a", 1), ("a", null)]);
    }

    [Theory]
    [InlineData(TestedKafka.Veltrix)]
    [InlineData(TestedKafka.Apache)]
    public async Task Transactions_CommittedAndAborted_AreReadAsTheIsolationSays(TestedKafka kafka)
    {
        using var client = await ConfluentClient.CreateAsync(kafka, _topic, partitions: 1);
        using var producer = client.Producer(configuration => configuration.TransactionalId = _topic);
        producer.InitTransactions(ConfluentClient.Limit);
        foreach (var value in (string[])["committed", "aborted", "committed too"])
        {
            producer.BeginTransaction();
            producer.Produce(_topic, new Message<string, string?> { Value = value });
            // Aborting drops what the client has not sent yet.
            producer.Flush(ConfluentClient.Limit).ShouldBe(0);
            if (value == "aborted")
                producer.AbortTransaction(ConfluentClient.Limit);
            else
                producer.CommitTransaction(ConfluentClient.Limit);
        }

        using var committed = client.Reader(configuration =>
            configuration.IsolationLevel = IsolationLevel.ReadCommitted
        );
        committed.Take(2).Select(record => record.Message.Value).ShouldBe(["committed", "committed too"]);
        using var all = client.Reader(configuration => configuration.IsolationLevel = IsolationLevel.ReadUncommitted);
        all.Take(3).Select(record => record.Message.Value).ShouldBe(["committed", "aborted", "committed too"]);
    }

    [Theory]
    [InlineData(TestedKafka.Veltrix)]
    [InlineData(TestedKafka.Apache)]
    public async Task Transactions_OfAProducerWithASuccessor_AreFenced(TestedKafka kafka)
    {
        using var client = await ConfluentClient.CreateAsync(kafka, _topic, partitions: 1);
        using var zombie = client.Producer(configuration => configuration.TransactionalId = _topic);
        zombie.InitTransactions(ConfluentClient.Limit);
        zombie.BeginTransaction();
        await zombie.ProduceAsync(
            _topic,
            new Message<string, string?> { Value = "lost" },
            TestContext.Current.CancellationToken
        );
        using var successor = client.Producer(configuration => configuration.TransactionalId = _topic);
        successor.InitTransactions(ConfluentClient.Limit);
        Should
            .Throw<KafkaException>(() => zombie.CommitTransaction(ConfluentClient.Limit))
            .Error.IsFatal.ShouldBeTrue();
        successor.BeginTransaction();
        successor.Produce(_topic, new Message<string, string?> { Value = "kept" });
        successor.CommitTransaction(ConfluentClient.Limit);

        using var reader = client.Reader(configuration => configuration.IsolationLevel = IsolationLevel.ReadCommitted);
        reader.Take(1)[0].Message.Value.ShouldBe("kept");
    }

    [Theory]
    [InlineData(TestedKafka.Veltrix)]
    [InlineData(TestedKafka.Apache)]
    public async Task Transactions_WithOffsets_CommitThemWithTheRecords(TestedKafka kafka)
    {
        using var client = await ConfluentClient.CreateAsync(kafka, _topic, partitions: 1);
        var partition = new TopicPartition(_topic, 0);
        using (var producer = client.Producer())
            await producer.ProduceAsync(
                _topic,
                new Message<string, string?> { Value = "in" },
                TestContext.Current.CancellationToken
            );
        using var consumer = client.Member($"group-{_topic}");
        consumer.Subscribe(_topic);
        consumer.Take(1);
        using var copier = client.Producer(configuration => configuration.TransactionalId = _topic);
        copier.InitTransactions(ConfluentClient.Limit);
        copier.BeginTransaction();
        copier.Produce(_topic, new Message<string, string?> { Value = "out" });
        copier.SendOffsetsToTransaction(
            [new TopicPartitionOffset(partition, 1)],
            consumer.ConsumerGroupMetadata,
            ConfluentClient.Limit
        );
        copier.CommitTransaction(ConfluentClient.Limit);
        consumer.Committed([partition], ConfluentClient.Limit)[0].Offset.Value.ShouldBe(1);
    }
}
