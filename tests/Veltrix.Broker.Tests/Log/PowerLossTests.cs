using System.Buffers.Binary;
using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Veltrix.Broker.Log;
using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Tests.Log;

/// <summary>A whole node that loses its power in the middle of its work, again and again.</summary>
public sealed class PowerLossTests : IDisposable
{
    private const int Writers = 3;
    private const string Topic = "topic";

    /// <summary>A batch's number ends its one value, behind which stands that there are no headers.</summary>
    private const int NumberFromEnd = sizeof(int) + 1;
    private readonly TemporaryDirectory _directory = new();
    private readonly PowerLossDisk _disk = new();
    private readonly BrokerMetrics _metrics = new();

    public void Dispose()
    {
        _metrics.Dispose();
        _directory.Dispose();
    }

    /// <summary>Few partitions are synced by themselves, many with the whole file system.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(40)]
    public void LosePower_AtAnyMoment_LosesNothingAcknowledged(int partitions)
    {
        var total = 0;
        for (var round = 0; round < CrashRounds.Count(shortRun: 4); round++)
        {
            var random = new Random(round);
            var acknowledged = new ConcurrentDictionary<(int Partition, int Number), long>();
            var topic = $"{Topic}-{round}";
            using (var node = Open())
            {
                node.Topics.Create(topic, partitions, new Dictionary<string, string?>(), false)
                    .Error.ShouldBe(ErrorCode.None);
            }
            for (var life = 0; life < 3; life++)
            {
                var node = Open();
                Verify(node, topic, partitions, acknowledged, round);
                Work(node, topic, partitions, acknowledged, random);
                _disk.TurnOff();
                node.Dispose();
                _disk.LosePower(random);
            }
            using var last = Open();
            Verify(last, topic, partitions, acknowledged, round);
            total += acknowledged.Count;
            last.Topics.Delete(last.Topics.Find(topic)!);
        }
        total.ShouldBeGreaterThan(0);
        if (partitions > 2)
            _disk.FileSystemSyncs.ShouldBeGreaterThan(0);
    }

    /// <summary>Threads append, each to partitions of its own, until the power goes.</summary>
    private void Work(
        BrokerNode node,
        string topic,
        int partitions,
        ConcurrentDictionary<(int Partition, int Number), long> acknowledged,
        Random random
    )
    {
        var batches = random.Next(partitions * 2, partitions * 60);
        var seeds = Enumerable.Range(0, Writers).Select(_ => random.Next()).ToArray();
        var threads = Enumerable
            .Range(0, Writers)
            .Select(writer => new Thread(() => Append(writer, new Random(seeds[writer]))))
            .ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        void Append(int writer, Random own)
        {
            for (var left = batches / Writers; left > 0; left--)
            {
                if (own.Next(50) == 0)
                    node.Checkpoint();
                var index = own.Next(partitions) / Writers * Writers + writer;
                if (index >= partitions)
                    continue;
                var log = node.Topics.Partition(topic, index)!;
                var number = (int)log.LogEndOffset;
                var batch = Batch(index, number, own.Next(1, 3000));
                log.Append(batch, new Acknowledgement(acknowledged, index, number), 0).Error.ShouldBe(ErrorCode.None);
                // Rounds of every size: what was written in one go, and what trickled in.
                if (own.Next(8) == 0)
                    Thread.Yield();
            }
        }
    }

    private static void Verify(
        BrokerNode node,
        string topic,
        int partitions,
        ConcurrentDictionary<(int Partition, int Number), long> acknowledged,
        int round
    )
    {
        var counts = acknowledged.Keys.CountBy(key => key.Partition).ToDictionary();
        for (var index = 0; index < partitions; index++)
        {
            var log = node.Topics.Partition(topic, index)!;
            var count = counts.GetValueOrDefault(index);
            log.LogEndOffset.ShouldBeGreaterThanOrEqualTo(count, $"round {round}, partition {index}");
            log.HighWatermark.ShouldBe(log.LogEndOffset);
            log.LogStartOffset.ShouldBe(0, $"round {round}, partition {index}");
            for (var offset = 0L; offset < log.LogEndOffset; offset++)
                NumberAt(log, offset).ShouldBe((int)offset, $"round {round}, partition {index}");
            // The last batch again, as a client does that did not hear of it: known, and not stored twice.
            if (log.LogEndOffset > 0)
            {
                var last = (int)log.LogEndOffset - 1;
                log.Append(Batch(index, last, 10), null, 0).ShouldBe(new AppendResult(ErrorCode.None, last));
                log.LogEndOffset.ShouldBe(last + 1);
            }
        }
    }

    private static int NumberAt(PartitionLog log, long offset)
    {
        log.TryFind(offset, 1, atLeastOne: true, out var range).ShouldBe(ErrorCode.None);
        var batch = new byte[range.Bytes];
        range.Read(batch).ShouldBe(batch.Length);
        BatchHeader.HasValidCrc(batch).ShouldBeTrue();
        return BinaryPrimitives.ReadInt32BigEndian(batch.AsSpan(batch.Length - NumberFromEnd));
    }

    private static byte[] Batch(int partition, int number, int payloadBytes)
    {
        var batch = TestBatch.Create(
            payloadBytes: payloadBytes + TestBatch.MinimumRecordBytes + sizeof(int),
            producerId: partition,
            producerEpoch: 0,
            sequence: number
        );
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(batch.Length - NumberFromEnd), number);
        return TestBatch.Sign(batch);
    }

    private BrokerNode Open() =>
        new(
            new BrokerOptions { DataDirectory = _directory.Path, SegmentBytes = 16 * 1024 },
            TimeProvider.System,
            _metrics,
            NullLogger.Instance,
            _disk
        );

    private sealed class Acknowledgement(
        ConcurrentDictionary<(int Partition, int Number), long> acknowledged,
        int partition,
        int number
    ) : IDurabilityWaiter
    {
        public void OnDurable(int slot, ErrorCode error)
        {
            if (error == ErrorCode.None)
                acknowledged[(partition, number)] = number;
        }
    }
}
