using Confluent.Kafka;
using LibrdkafkaRedist;

namespace Veltrix.Broker.Tests.Clients;

/// <summary>Transactions as librdkafka does them.</summary>
public sealed class TransactionTests
{
    private const string Id = "transfers";

    [Fact]
    public async Task Commit_ShowsTheRecordsToCommittedConsumersOnlyThen()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("topic");
        using var producer = Producer(broker);
        using var committed = Consumer(broker, IsolationLevel.ReadCommitted);
        using var uncommitted = Consumer(broker, IsolationLevel.ReadUncommitted);
        producer.BeginTransaction();
        await SendAsync(producer, "a", "b");
        Values(uncommitted.Take(2)).ShouldBe(["a", "b"]);
        // The end of the partition is where the open transaction begins.
        var end = committed.Consume(Consuming.Limit);
        end.IsPartitionEOF.ShouldBeTrue();
        end.Offset.Value.ShouldBe(0);
        producer.CommitTransaction(Consuming.Limit);
        Values(committed.Take(2)).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Abort_HidesTheRecordsFromCommittedConsumers_AlsoAfterARestart()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("topic");
        using (var producer = Producer(broker))
        {
            for (var round = 0; round < 3; round++)
            {
                producer.BeginTransaction();
                await SendAsync(producer, $"aborted {round}");
                producer.AbortTransaction(Consuming.Limit);
                producer.BeginTransaction();
                await SendAsync(producer, $"committed {round}");
                producer.CommitTransaction(Consuming.Limit);
            }
        }
        Verify();
        await broker.RestartAsync();
        Verify();

        void Verify()
        {
            using var committed = Consumer(broker, IsolationLevel.ReadCommitted);
            Values(committed.Take(3)).ShouldBe(["committed 0", "committed 1", "committed 2"]);
            using var uncommitted = Consumer(broker, IsolationLevel.ReadUncommitted);
            uncommitted.Take(6).Count.ShouldBe(6);
        }
    }

    [Fact]
    public async Task SecondProducer_FencesTheFirstAndAbortsItsTransaction()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("topic");
        using var zombie = Producer(broker);
        zombie.BeginTransaction();
        await SendAsync(zombie, "of the zombie");
        using var successor = Producer(broker);
        successor.BeginTransaction();
        await SendAsync(successor, "of the successor");

        Should
            .Throw<KafkaException>(() => zombie.CommitTransaction(Consuming.Limit))
            .Error.Code.ShouldBeOneOf(ErrorCode.Local_Fenced, ErrorCode.ProducerFenced);
        successor.CommitTransaction(Consuming.Limit);
        using var committed = Consumer(broker, IsolationLevel.ReadCommitted);
        Values(committed.Take(1)).ShouldBe(["of the successor"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OffsetsInATransaction_AreTheGroupsWhenItCommits(bool commit)
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateTopicAsync("topic");
        using (var source = broker.Producer())
            await source.ProduceAsync("topic", new() { Value = "input" }, TestContext.Current.CancellationToken);
        using var consumer = broker.Consumer("group", options => options.IsolationLevel = IsolationLevel.ReadCommitted);
        consumer.Subscribe("topic");
        var input = consumer.Take(1).Single();
        using var producer = Producer(broker);
        producer.BeginTransaction();
        producer.SendOffsetsToTransaction(
            [new TopicPartitionOffset(input.TopicPartition, input.Offset + 1)],
            consumer.ConsumerGroupMetadata,
            Consuming.Limit
        );
        if (commit)
            producer.CommitTransaction(Consuming.Limit);
        else
            producer.AbortTransaction(Consuming.Limit);
        consumer
            .Committed([input.TopicPartition], Consuming.Limit)
            .Single()
            .Offset.ShouldBe(commit ? new Offset(1) : Offset.Unset);
    }

    [Fact]
    public async Task Kill_InTheMiddle_LosesAndDoublesNothing()
    {
        await Librdkafka.EnsureAsync(Console.Error.WriteLine, TestContext.Current.CancellationToken);
        using var directory = new TemporaryDirectory();
        await using var broker = await BrokerProcess.StartAsync(
            directory.Path,
            new() { ["Broker__AutoCreateTopics"] = "true", ["Broker__DefaultPartitions"] = "1" }
        );
        using var producer = Producer(broker.Servers);
        for (var round = 0; round < 20; round++)
        {
            producer.BeginTransaction();
            producer.Produce("topic", new Message<string, string> { Value = $"{round} first" });
            if (round % 5 == 4)
                producer.Flush(Consuming.Limit);
            if (round % 5 == 2)
            {
                // The broker knows of the transaction: an abort of one that it never heard of is an error in Kafka, too.
                producer.Flush(Consuming.Limit);
                await RestartAsync();
            }
            producer.Produce("topic", new Message<string, string> { Value = $"{round} second" });
            // librdkafka 2.0 never ends an abort when a record has lost its connection on the way.
            if (round % 10 == 9)
                producer.Flush(Consuming.Limit);
            var restart = round % 5 == 4 ? RestartAsync() : Task.CompletedTask;
            if (round % 2 == 0)
                Retry(() => producer.CommitTransaction(Consuming.Limit));
            else
                Retry(() => producer.AbortTransaction(Consuming.Limit));
            await restart;
        }
        using var committed = Consumer(broker.Servers, IsolationLevel.ReadCommitted);
        Values(committed.Take(20))
            .ShouldBe(
                Enumerable
                    .Range(0, 20)
                    .Where(round => round % 2 == 0)
                    .SelectMany(round => new[] { $"{round} first", $"{round} second" })
            );

        async Task RestartAsync()
        {
            await broker.KillAsync();
            await broker.StartAgainAsync();
        }

        static void Retry(Action end)
        {
            using var limit = new CancellationTokenSource(Consuming.Limit);
            while (true)
            {
                try
                {
                    end();
                    return;
                }
                catch (KafkaRetriableException)
                {
                    limit.Token.ThrowIfCancellationRequested();
                }
            }
        }
    }

    private static IProducer<string, string> Producer(TestBroker broker) => Producer(broker.Servers);

    private static IProducer<string, string> Producer(string servers)
    {
        var producer = new ProducerBuilder<string, string>(
            new ProducerConfig
            {
                BootstrapServers = servers,
                TransactionalId = Id,
                LingerMs = 1,
                ReconnectBackoffMaxMs = 200,
            }
        ).Build();
        producer.InitTransactions(Consuming.Limit);
        return producer;
    }

    private static IConsumer<string, string> Consumer(TestBroker broker, IsolationLevel level) =>
        Consumer(broker.Servers, level);

    private static IConsumer<string, string> Consumer(string servers, IsolationLevel level)
    {
        var consumer = new ConsumerBuilder<string, string>(
            new ConsumerConfig
            {
                BootstrapServers = servers,
                GroupId = "reader",
                IsolationLevel = level,
                EnablePartitionEof = true,
                EnableAutoCommit = false,
            }
        ).Build();
        consumer.Assign(new TopicPartitionOffset("topic", 0, 0));
        return consumer;
    }

    private static async Task SendAsync(IProducer<string, string> producer, params string[] values)
    {
        foreach (var value in values)
            await producer.ProduceAsync("topic", new() { Value = value });
    }

    private static IEnumerable<string> Values(List<ConsumeResult<string, string>> results) =>
        results.Select(result => result.Message.Value);
}
