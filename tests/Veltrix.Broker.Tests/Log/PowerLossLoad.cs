using System.Buffers.Binary;
using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Veltrix.Broker.Groups;
using Veltrix.Broker.Log;
using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Tests.Log;

/// <summary>
/// Everything that a node promises, asked of it in lives that end with the power, and looked for in the life after: batches,
/// deleted records, offsets, topics and partitions, and the last record of each key of a compacted topic.
/// </summary>
/// <param name="partitions">At least one for each writer.</param>
internal sealed class PowerLossLoad(PowerLossDisk disk, string directory, int partitions, int seed) : IDisposable
{
    public const int Writers = 3;
    private const int Keys = 8;
    private const string Log = "log";
    private const string Compacted = "compacted";

    private static readonly (string Name, int Most)[] Steps = [(".swap", 8), ("checkpoint", 60), ("topics.json", 4)];

    /// <summary>A batch's number ends its one value, behind which stands that there are no headers.</summary>
    private const int NumberFromEnd = sizeof(int) + 1;

    private readonly BrokerMetrics _metrics = new();
    private readonly Random _random = new(seed);

    // What was promised; and of what may have happened without a promise, the most.
    private readonly ConcurrentDictionary<int, int> _batches = new();
    private readonly ConcurrentDictionary<int, long> _starts = new();
    private readonly ConcurrentDictionary<int, long> _askedStarts = new();
    private readonly ConcurrentDictionary<TopicPartition, long> _offsets = new();
    private readonly ConcurrentDictionary<string, int> _topics = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(int Partition, string Key), int> _values = new();
    private readonly ConcurrentDictionary<int, int> _numbers = new();

    /// <summary>Batches that were acknowledged.</summary>
    public int Acknowledged => _batches.Values.Sum(last => last + 1);

    public void Dispose() => _metrics.Dispose();

    /// <summary>Three lives of a node. Throws when it does not keep a promise.</summary>
    public void Run()
    {
        using (var node = Open())
        {
            Create(node, Log, partitions, new Dictionary<string, string?>()).ShouldBeTrue();
            var compact = new Dictionary<string, string?>
            {
                ["cleanup.policy"] = "compact",
                ["min.cleanable.dirty.ratio"] = "0",
                ["segment.bytes"] = "4096",
            };
            Create(node, Compacted, Writers, compact).ShouldBeTrue();
        }
        for (var life = 0; life < 3; life++)
        {
            using (var node = Open())
            {
                Verify(node);
                // At any moment, or in the middle of one of the things that take several steps.
                disk.TurnOff(_random.Next(200, 1000 + partitions * 300));
                if (_random.Next(Steps.Length + 1) is var step && step < Steps.Length)
                    disk.TurnOffAfter(Steps[step].Name, _random.Next(1, Steps[step].Most), _random.Next(12));
                Work(node);
                disk.TurnOff();
            }
            disk.LosePower(_random);
        }
        using var last = Open();
        Verify(last);
    }

    /// <summary>Threads work, each on partitions of its own, until the power goes, which may come later than they end.</summary>
    private void Work(BrokerNode node)
    {
        var actions = _random.Next(100, 400 + partitions * 40) / Writers;
        var writers = Enumerable
            .Range(0, Writers)
            .Select(writer => (writer, seed: _random.Next()))
            .Select(each =>
                Task.Factory.StartNew(
                    () => Act(node, each.writer, new Random(each.seed), actions),
                    TaskCreationOptions.LongRunning
                )
            )
            .ToArray();
        Task.WaitAll(writers);
    }

    private void Act(BrokerNode node, int writer, Random random, int actions)
    {
        for (; actions > 0; actions--)
        {
            var index = random.Next((partitions - writer + Writers - 1) / Writers) * Writers + writer;
            switch (random.Next(200))
            {
                case < 4:
                    node.Checkpoint();
                    break;
                case < 10:
                    node.Compact(CancellationToken.None);
                    break;
                case < 14:
                    DeleteRecords(node.Topics.Partition(Log, index)!, index, random);
                    break;
                case < 24:
                    CommitOffset(node, index);
                    break;
                case < 26 when writer == 0:
                    Create(node, $"topic-{_topics.Count}", random.Next(1, 3), new Dictionary<string, string?>());
                    break;
                case < 28 when writer == 0:
                    Grow(node);
                    break;
                case < 84:
                    AppendKeyed(node.Topics.Partition(Compacted, writer)!, writer, random);
                    break;
                default:
                    Append(node.Topics.Partition(Log, index)!, index, random);
                    break;
            }
            // Rounds of every size: what was written in one go, and what trickled in.
            if (random.Next(8) == 0)
                Thread.Yield();
        }
    }

    private void Append(PartitionLog log, int index, Random random)
    {
        var number = (int)log.LogEndOffset;
        var waiter = new Acknowledgement(() =>
            _batches.AddOrUpdate(index, number, (_, last) => Math.Max(last, number))
        );
        log.Append(Batch(index, number, random.Next(1, 3000)), waiter, 0);
        // What is acknowledged can be read.
        var watermark = log.HighWatermark;
        if (random.Next(4) == 0 && watermark > log.LogStartOffset && Find(log, watermark - 1) is { } range)
            range.Bytes.ShouldBeGreaterThan(0, $"partition {index}, offset {watermark - 1}");
    }

    private void AppendKeyed(PartitionLog log, int index, Random random)
    {
        var key = $"{random.Next(Keys)}";
        var number = _numbers.AddOrUpdate(index, 1, static (_, last) => last + 1);
        var waiter = new Acknowledgement(() =>
            _values.AddOrUpdate((index, key), number, (_, last) => Math.Max(last, number))
        );
        log.Append(RecordBatch.Create([new(key, $"{number}:{new string('x', random.Next(400))}")]), waiter, 0);
    }

    private void DeleteRecords(PartitionLog log, int index, Random random)
    {
        var start = random.NextInt64(log.LogStartOffset, log.HighWatermark + 1);
        _askedStarts.AddOrUpdate(index, start, (_, last) => Math.Max(last, start));
        if (log.AdvanceStart(start) == ErrorCode.None)
            _starts[index] = Math.Max(_starts.GetValueOrDefault(index), start);
    }

    private void CommitOffset(BrokerNode node, int index)
    {
        node.Groups.IsFound = true;
        var partition = new TopicPartition(Log, index);
        var (error, group) = node.Groups.CheckCommit("group", "", null, -1);
        error.ShouldBe(ErrorCode.None);
        var offset = _offsets.GetValueOrDefault(partition) + 1;
        if (node.Groups.Commit(group!, partition, new CommittedOffset(offset, -1, null, 0)).Result)
            _offsets[partition] = offset;
    }

    private bool Create(BrokerNode node, string name, int count, Dictionary<string, string?> configuration)
    {
        var isCreated = node.Topics.Create(name, count, configuration, validateOnly: false).Error == ErrorCode.None;
        if (isCreated)
            _topics[name] = count;
        return isCreated;
    }

    private void Grow(BrokerNode node)
    {
        var (name, count) = _topics.OrderBy(topic => topic.Key, StringComparer.Ordinal).Last();
        if (name is Log or Compacted)
            return;
        if (node.Topics.AddPartitions(name, count + 1, validateOnly: false).Error == ErrorCode.None)
            _topics[name] = count + 1;
    }

    private void Verify(BrokerNode node)
    {
        foreach (var (name, count) in _topics)
            (node.Topics.Find(name)?.Partitions.Length ?? 0).ShouldBeGreaterThanOrEqualTo(count, name);
        for (var index = 0; index < partitions; index++)
            VerifyLog(node.Topics.Partition(Log, index)!, index);
        for (var index = 0; index < Writers; index++)
            VerifyCompacted(node.Topics.Partition(Compacted, index)!, index);
        foreach (var (partition, offset) in _offsets)
            node.Groups.Find("group")!.Offsets[partition].Offset.ShouldBeGreaterThanOrEqualTo(offset, $"{partition}");
    }

    private void VerifyLog(PartitionLog log, int index)
    {
        var name = $"seed {seed}, partition {index}";
        log.LogEndOffset.ShouldBeGreaterThanOrEqualTo(_batches.GetValueOrDefault(index, -1) + 1, name);
        log.HighWatermark.ShouldBe(log.LogEndOffset, name);
        log.LogStartOffset.ShouldBeInRange(
            _starts.GetValueOrDefault(index),
            _askedStarts.GetValueOrDefault(index),
            name
        );
        for (var offset = log.LogStartOffset; offset < log.LogEndOffset; offset++)
            NumberAt(log, offset).ShouldBe((int)offset, name);
        // The last batch again, as a client does that did not hear of it: known, and not stored twice.
        if (log.LogEndOffset == log.LogStartOffset)
            return;
        var last = (int)log.LogEndOffset - 1;
        log.Append(Batch(index, last, 10), null, 0).ShouldBe(new AppendResult(ErrorCode.None, last), name);
        log.LogEndOffset.ShouldBe(last + 1, name);
    }

    private void VerifyCompacted(PartitionLog log, int index)
    {
        var stored = ReadAll(log);
        var name = $"seed {seed}, compacted partition {index}";
        stored.Select(record => record.Offset).ShouldBeInOrder(SortDirection.Ascending, name);
        var last = stored.ToLookup(record => record.Key!, record => int.Parse(record.Value!.Split(':')[0]));
        foreach (var (key, number) in _values.Where(value => value.Key.Partition == index))
            last[key.Key].DefaultIfEmpty(-1).Last().ShouldBeGreaterThanOrEqualTo(number, $"{name}, key {key.Key}");
    }

    /// <summary>All records of a partition, batch by batch.</summary>
    public static List<RecordBatch.Stored> ReadAll(PartitionLog log)
    {
        var stored = new List<RecordBatch.Stored>();
        for (var offset = log.LogStartOffset; offset < log.LogEndOffset; )
        {
            if (Find(log, offset) is not { Bytes: > 0 } range)
                break;
            var bytes = new byte[range.Bytes];
            range.Read(bytes).ShouldBe(bytes.Length);
            stored.AddRange(RecordBatch.Read(bytes));
            offset = new BatchHeader(bytes).NextOffset;
        }
        return stored;
    }

    private static LogRange? Find(PartitionLog log, long offset) =>
        log.TryFind(offset, 1, atLeastOne: true, out var range) == ErrorCode.None ? range : null;

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
            new BrokerOptions
            {
                DataDirectory = directory,
                SegmentBytes = 16 * 1024,
                CheckpointBytes = 1,
                CompactionMemoryBytes = 64 * 1024,
            },
            TimeProvider.System,
            _metrics,
            NullLogger.Instance,
            disk
        );

    private sealed class Acknowledgement(Action acknowledged) : IDurabilityWaiter
    {
        public void OnDurable(int slot, ErrorCode error)
        {
            if (error == ErrorCode.None)
                acknowledged();
        }
    }
}
