using System.Collections.Concurrent;
using System.Diagnostics;
using Confluent.Kafka;
using LibrdkafkaRedist;

namespace Veltrix.Broker.Tests.Clients;

/// <summary>The process, killed in the middle of its work.</summary>
public sealed class CrashTests : IDisposable
{
    /// <summary>So many that their commits sync the whole file system.</summary>
    private const int Partitions = 24;
    private const string Group = "committers";
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Kill_InMidProduce_KeepsEverythingAcknowledgedInOrderAndOnce()
    {
        await Librdkafka.EnsureAsync(Console.Error.WriteLine, TestContext.Current.CancellationToken);
        await using var broker = await BrokerProcess.StartAsync(
            _directory.Path,
            // Small segments, so that the crashes hit rolled logs too, and checkpoints all the time.
            new()
            {
                ["Broker__SegmentBytes"] = "262144",
                ["Broker__CheckpointBytes"] = "4096",
                ["Broker__CheckpointIntervalMilliseconds"] = "20",
            }
        );
        await TestTopics.CreateAsync(broker.Servers, "topic", Partitions);
        var acknowledged = new ConcurrentDictionary<(int Partition, int Number), long>();
        var sent = new int[Partitions];
        using var stop = new CancellationTokenSource();
        var producing = Task.Run(() => Produce(broker, acknowledged, sent, stop.Token), CancellationToken.None);

        var slowest = TimeSpan.Zero;
        for (var crash = 1; crash <= CrashRounds.Count(shortRun: 3); crash++)
        {
            var before = acknowledged.Count;
            await AcknowledgedAsync(acknowledged, before + 3000);
            Commit(broker, crash);
            await broker.KillAsync();
            Directory
                .GetFiles(_directory.Path, "checkpoint", SearchOption.AllDirectories)
                .ShouldNotBeEmpty("checkpoints were made under load");
            var started = Stopwatch.GetTimestamp();
            await broker.StartAgainAsync();
            var took = Stopwatch.GetElapsedTime(started);
            slowest = took > slowest ? took : slowest;
            Committed(broker).ShouldBe(crash);
        }
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{acknowledged.Count} acknowledged; slowest start {slowest.TotalMilliseconds:F0} ms"
        );
        await AcknowledgedAsync(acknowledged, acknowledged.Count + 3000);
        await stop.CancelAsync();
        (await producing).ShouldBe(0, "messages whose fate the producer never learned");

        var stored = ReadAll(broker);
        for (var partition = 0; partition < Partitions; partition++)
        {
            stored[partition].Select(record => record.Number).ShouldBe(Enumerable.Range(0, sent[partition]));
            foreach (var (number, offset) in stored[partition])
                acknowledged[(partition, number)].ShouldBe(offset);
        }
    }

    [Fact]
    public async Task Terminate_IsCleanAndTheNextStartReadsNoLog()
    {
        await Librdkafka.EnsureAsync(Console.Error.WriteLine, TestContext.Current.CancellationToken);
        await using var broker = await BrokerProcess.StartAsync(_directory.Path);
        await TestTopics.CreateAsync(broker.Servers, "topic", Partitions);
        using (var consumer = Consumer(broker))
        {
            // A fetch that waits must not hold up the stop.
            consumer.Assign(new TopicPartitionOffset("topic", 0, 0));
            consumer.Consume(TimeSpan.FromMilliseconds(200));
            (await broker.TerminateAsync()).ShouldBe(0);
        }
        File.Exists(Path.Combine(_directory.Path, "clean-shutdown")).ShouldBeTrue();
        await broker.StartAgainAsync();
        await broker.KillAsync();
        broker.Output.ShouldContain("after a clean stop");
    }

    [Fact]
    public async Task Start_WithAWrongConfiguration_NamesEveryMistakeAndEnds()
    {
        var (exitCode, output) = await BrokerProcess.RunToEndAsync(
            _directory.Path,
            "--Broker:SegmentBytes=1",
            "--Broker:MaximumConnections=0"
        );
        exitCode.ShouldNotBe(0);
        output.ShouldContain("Broker:SegmentBytes is not between");
        output.ShouldContain("Broker:MaximumConnections is not positive");
    }

    private static int Produce(
        BrokerProcess broker,
        ConcurrentDictionary<(int Partition, int Number), long> acknowledged,
        int[] sent,
        CancellationToken stop
    )
    {
        using var producer = new ProducerBuilder<Null, string>(
            new ProducerConfig
            {
                BootstrapServers = broker.Servers,
                EnableIdempotence = true,
                LingerMs = 2,
                MessageTimeoutMs = 120_000,
                ReconnectBackoffMaxMs = 200,
                QueueBufferingMaxMessages = 20_000,
            }
        ).Build();
        for (var index = 0; !stop.IsCancellationRequested; index++)
        {
            var partition = index % Partitions;
            var number = sent[partition];
            try
            {
                producer.Produce(
                    new Confluent.Kafka.TopicPartition("topic", partition),
                    new Message<Null, string> { Value = $"{number}" },
                    report => acknowledged[(partition, number)] = report.Error.IsError ? -1 : report.Offset.Value
                );
                sent[partition]++;
            }
            catch (ProduceException<Null, string> full) when (full.Error.Code == ErrorCode.Local_QueueFull)
            {
                producer.Poll(TimeSpan.FromMilliseconds(10));
            }
        }
        return producer.Flush(Consuming.Limit);
    }

    private static async Task AcknowledgedAsync(ConcurrentDictionary<(int, int), long> acknowledged, int count)
    {
        using var limit = new CancellationTokenSource(Consuming.Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (acknowledged.Count < count)
            await timer.WaitForNextTickAsync(limit.Token);
    }

    private static List<(int Number, long Offset)>[] ReadAll(BrokerProcess broker)
    {
        using var consumer = Consumer(broker);
        consumer.Assign(
            Enumerable
                .Range(0, Partitions)
                .Select(partition => new TopicPartitionOffset("topic", partition, Offset.Beginning))
        );
        var records = Enumerable.Range(0, Partitions).Select(_ => new List<(int, long)>()).ToArray();
        using var limit = new CancellationTokenSource(Consuming.Limit);
        for (var ended = 0; ended < Partitions; )
        {
            var result = consumer.Consume(limit.Token);
            if (result.IsPartitionEOF)
                ended++;
            else
                records[result.Partition.Value].Add((int.Parse(result.Message.Value), result.Offset.Value));
        }
        return records;
    }

    private static IConsumer<Ignore, string> Consumer(BrokerProcess broker, string group = "g") =>
        new ConsumerBuilder<Ignore, string>(
            new ConsumerConfig
            {
                BootstrapServers = broker.Servers,
                GroupId = group,
                EnablePartitionEof = true,
            }
        ).Build();

    private static void Commit(BrokerProcess broker, int offset)
    {
        using var consumer = Consumer(broker, Group);
        consumer.Commit([new TopicPartitionOffset("topic", 0, offset)]);
    }

    private static long Committed(BrokerProcess broker)
    {
        using var consumer = Consumer(broker, Group);
        return consumer.Committed([new Confluent.Kafka.TopicPartition("topic", 0)], Consuming.Limit)[0].Offset.Value;
    }
}
