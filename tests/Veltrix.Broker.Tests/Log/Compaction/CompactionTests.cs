using System.Buffers.Binary;
using Veltrix.Broker.Log;
using Veltrix.Broker.Log.Compaction;
using Veltrix.Broker.Protocol;
using Veltrix.Testing;

namespace Veltrix.Broker.Tests.Log.Compaction;

public sealed class CompactionTests : IDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly LogSettings Settings = new(4096, TimeSpan.FromDays(7), null, null, 1 << 20)
    {
        IsDeleted = false,
        Compaction = new CompactionSettings(0, TimeSpan.Zero, TimeSpan.MaxValue, Day),
    };

    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _directory.Dispose();

    public static TheoryData<int> Codecs => [0, 1, 2, 3, 4];

    /// <summary>Against a model: the last record of each key is there, at its offset, and nothing that a later one replaced.</summary>
    [Theory]
    [MemberData(nameof(Codecs))]
    public async Task Run_AnyHistory_KeepsTheLastRecordOfEachKeyInOrder(int codec)
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var random = new Random(seed * 10 + codec);
            var directory = Path.Combine(_directory.Path, $"{codec}-{seed}");
            var written = new List<RecordBatch.Stored>();
            for (var life = 0; life < 3; life++)
            {
                using var log = new TestLog(directory, Settings, leaderEpoch: life, time: _time);
                // Little memory: a life needs several goes.
                var compactor = new LogCompactor(log.Environment, memoryBytes: random.Next(1_000, 20_000));
                RecordBatch.Read(ReadAll(log)).ShouldBeSubsetOf(written);
                await WriteAsync(log, written, random, codec);
                for (var go = 0; go < 50 && log.Log.PlanCompaction() is not null; go++)
                    compactor.Run([log.Log], TestContext.Current.CancellationToken);
                log.Log.PlanCompaction().ShouldBeNull();
                Verify(log, written);
            }
            using var last = new TestLog(directory, Settings, leaderEpoch: 3, time: _time);
            Verify(last, written);
        }
    }

    [Fact]
    public async Task Run_Tombstones_GoWhenTheyWereReadableLongEnough()
    {
        using var log = new TestLog(_directory.Path, Settings, time: _time);
        await AppendAsync(log, new("a", "1"), new("b", "1"));
        await AppendAsync(log, new RecordBatch.Entry("a", null, Timestamp: 5));
        await FillSegmentsAsync(log);

        Compact(log);
        Keys(log).ShouldContain("a");
        _time.Advance(Day / 2);
        await DirtyAsync(log);
        Compact(log);
        var tombstone = RecordBatch.Read(ReadAll(log)).Single(record => record.Key == "a");
        (tombstone.Value, tombstone.Timestamp, tombstone.Offset).ShouldBe((null, 5, 2));

        _time.Advance(Day);
        await DirtyAsync(log);
        Compact(log);
        Keys(log).ShouldNotContain("a");
        Keys(log).ShouldContain("b");
    }

    [Fact]
    public async Task Run_RecordsYoungerThanTheLag_StayAll()
    {
        var settings = Settings with { Compaction = Settings.Compaction! with { LeastAge = TimeSpan.FromHours(1) } };
        using var log = new TestLog(_directory.Path, settings, time: _time);
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        for (var count = 0; count < 200; count++)
            await AppendAsync(log, new RecordBatch.Entry("a", new string('x', 100), now));
        Compact(log);
        Keys(log).Count.ShouldBe(200);

        _time.Advance(TimeSpan.FromHours(2));
        Compact(log);
        Keys(log).Count.ShouldBeLessThan(50);
    }

    [Fact]
    public async Task Run_BelowTheDirtyRatio_DoesNothingUntilItIsReached()
    {
        var settings = Settings with { Compaction = Settings.Compaction! with { LeastDirtyRatio = 0.5 } };
        using var log = new TestLog(_directory.Path, settings, time: _time);
        for (var key = 0; key < 300; key++)
            await AppendAsync(log, new RecordBatch.Entry($"{key}", new string('x', 100)));
        Compact(log);
        log.Log.PlanCompaction().ShouldBeNull();
        for (var key = 0; key < 100; key++)
            await AppendAsync(log, new RecordBatch.Entry($"{key}", new string('y', 100)));
        log.Log.PlanCompaction().ShouldBeNull("a quarter is dirty");
        for (var key = 0; key < 400; key++)
            await AppendAsync(log, new RecordBatch.Entry($"{key}", new string('z', 100)));
        log.Log.PlanCompaction().ShouldNotBeNull();
    }

    [Fact]
    public async Task Run_IdempotentProducer_KeepsItsLastSequence()
    {
        using (var log = new TestLog(_directory.Path, Settings, time: _time))
        {
            var first = RecordBatch.Create([new("a", "1")], producerId: 7, producerEpoch: 0, sequence: 0);
            (await log.AppendAsync(first)).Error.ShouldBe(ErrorCode.None);
            await FillSegmentsAsync(log, key: "a");
            Compact(log);
            var active = log.Log.SegmentsFrom(log.Log.LogEndOffset)[0].BaseOffset;
            RecordBatch.Read(ReadAll(log)).Count(record => record.Offset < active).ShouldBe(1);
            log.Log.Checkpoint().ShouldBeTrue();
        }
        // Without a checkpoint all that is known of the producer is what the log says.
        var checkpoint = Path.Combine(_directory.Path, "checkpoint");
        File.Exists(checkpoint).ShouldBeTrue();
        File.Delete(checkpoint);
        using var reopened = new TestLog(_directory.Path, Settings, leaderEpoch: 1, time: _time);
        var again = RecordBatch.Create([new("a", "1")], producerId: 7, producerEpoch: 0, sequence: 0);
        (await reopened.AppendAsync(again)).BaseOffset.ShouldBe(0);
        var gap = RecordBatch.Create([new("a", "2")], producerId: 7, producerEpoch: 0, sequence: 5);
        (await reopened.AppendAsync(gap)).Error.ShouldBe(ErrorCode.OutOfOrderSequenceNumber);
    }

    [Fact]
    public async Task Run_OnAFullDisk_LeavesNothingBehind()
    {
        using var log = new TestLog(_directory.Path, Settings, time: _time);
        await FillSegmentsAsync(log);
        var before = ReadAll(log);
        log.Disk.IsFullFor = static path => path.EndsWith(".cleaned", StringComparison.Ordinal);
        Compact(log);
        Directory.GetFiles(_directory.Path, "*.cleaned").ShouldBeEmpty("it keeps the disk full");
        ReadAll(log).ShouldBe(before);
        log.Disk.IsFullFor = static _ => false;
        Compact(log);
        ReadAll(log).Length.ShouldBeLessThan(before.Length);
    }

    /// <summary>One swap that is left behind would take the place of what later ones made.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Run_ThatTheDiskInterrupts_StopsThePartitionAndTheNextStartCompletesIt(int failingSync)
    {
        using (var log = new TestLog(_directory.Path, Settings, time: _time))
        {
            await FillSegmentsAsync(log);
            log.Log.Checkpoint().ShouldBeTrue();
            log.Disk.DirectoryFlushesUntilFailure = failingSync;
            Compact(log);
            log.Log.IsFailed.ShouldBeTrue();
            (await log.AppendAsync(RecordBatch.Create([new("b", "1")]))).Error.ShouldBe(ErrorCode.KafkaStorageError);
        }
        using var reopened = new TestLog(_directory.Path, Settings, leaderEpoch: 1, time: _time);
        Directory.GetFiles(_directory.Path, "*.swap").ShouldBeEmpty();
        RecordBatch.Read(ReadAll(reopened)).Last().Offset.ShouldBe(99);
        await FillSegmentsAsync(reopened);
        Compact(reopened);
        RecordBatch.Read(ReadAll(reopened)).Last().Offset.ShouldBe(199);
    }

    /// <summary>An empty batch keeps a producer's sequence when the marker behind it may be gone: it decides nothing.</summary>
    [Fact]
    public void Outcomes_OfWhatCompactionEmptied_AreDecided()
    {
        var outcomes = new TransactionOutcomes();
        var emptied = TestBatch.Create([], records: 0, 7, 0, 0, attributes: 0x10);
        BinaryPrimitives.WriteInt32BigEndian(emptied.AsSpan(23), 0);
        outcomes.Add(TestBatch.Sign(emptied));
        outcomes.FirstUndecidedOffset.ShouldBe(long.MaxValue);
    }

    [Fact]
    public async Task Append_NullKey_IsRefusedOnACompactedTopicOnly()
    {
        using var log = new TestLog(_directory.Path, Settings, time: _time);
        foreach (var codec in Enumerable.Range(0, 5))
        {
            var batch = RecordBatch.Create([new("a", "1"), new(null, "2")], codec);
            (await log.AppendAsync(batch)).Error.ShouldBe(ErrorCode.InvalidRecord);
        }
        log.Log.Configure(Settings with { Compaction = null });
        (await log.AppendAsync(RecordBatch.Create([new(null, "2")]))).Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task Read_OffsetsThatAreGone_GivesTheNextThatIsThere()
    {
        using var log = new TestLog(_directory.Path, Settings, time: _time);
        await FillSegmentsAsync(log, key: "a");
        var end = log.Log.LogEndOffset;
        Compact(log);
        var remaining = RecordBatch.Read(ReadAll(log)).Select(record => record.Offset).ToList();
        for (var offset = 0L; offset < end; offset++)
        {
            var expected = remaining.First(candidate => candidate >= offset);
            RecordBatch.Read(log.Read(offset, 1)).ShouldContain(record => record.Offset == expected);
        }
    }

    private static void Verify(TestLog log, List<RecordBatch.Stored> written)
    {
        var stored = RecordBatch.Read(ReadAll(log));
        stored.Select(record => record.Offset).ShouldBeInOrder();
        stored.ShouldBeSubsetOf(written);
        var last = written.GroupBy(record => record.Key).Select(key => key.MaxBy(record => record.Offset)!).ToList();
        last.ShouldBeSubsetOf(stored);
        // The last file is never compacted; before it each key stands at most once, and not if it comes again later there.
        var active = log.Log.SegmentsFrom(log.Log.LogEndOffset)[0].BaseOffset;
        var superseded = stored.Where(record =>
            stored.Exists(other => other.Key == record.Key && other.Offset > record.Offset && other.Offset < active)
        );
        superseded.ShouldBeEmpty();
    }

    private static async Task WriteAsync(TestLog log, List<RecordBatch.Stored> written, Random random, int codec)
    {
        for (var batches = random.Next(50, 150); batches > 0; batches--)
        {
            var entries = Enumerable
                .Range(0, random.Next(1, 8))
                .Select(_ => new RecordBatch.Entry(
                    $"key-{random.Next(40)}",
                    random.Next(10) == 0 ? null : new string((char)random.Next('a', 'z'), random.Next(200)),
                    random.Next(1, 100_000)
                ))
                .ToList();
            var offset = (await log.AppendAsync(RecordBatch.Create(entries, codec))).BaseOffset;
            offset.ShouldBeGreaterThanOrEqualTo(0);
            written.AddRange(
                entries.Select(
                    (entry, index) => new RecordBatch.Stored(offset + index, entry.Key, entry.Value, entry.Timestamp)
                )
            );
        }
    }

    private static async Task AppendAsync(TestLog log, params RecordBatch.Entry[] entries) =>
        (await log.AppendAsync(RecordBatch.Create(entries))).Error.ShouldBe(ErrorCode.None);

    private static async Task FillSegmentsAsync(TestLog log, string key = "filler")
    {
        for (var count = 0; count < 100; count++)
            await AppendAsync(log, new RecordBatch.Entry(key, new string('x', 200)));
    }

    /// <summary>So that there is a reason to compact again.</summary>
    private static Task DirtyAsync(TestLog log) => FillSegmentsAsync(log, "filler");

    private static void Compact(TestLog log) =>
        new LogCompactor(log.Environment, memoryBytes: 1 << 20).Run([log.Log], TestContext.Current.CancellationToken);

    private static List<string?> Keys(TestLog log) => [.. RecordBatch.Read(ReadAll(log)).Select(record => record.Key)];

    private static byte[] ReadAll(TestLog log)
    {
        using var all = new MemoryStream();
        for (var offset = log.Log.LogStartOffset; offset < log.Log.HighWatermark; )
        {
            var bytes = log.Read(offset);
            if (bytes.Length == 0)
                break;
            all.Write(bytes);
            for (var left = bytes.AsSpan(); left.Length > 0; left = left[(int)new BatchHeader(left).TotalBytes..])
                offset = new BatchHeader(left).NextOffset;
        }
        return all.ToArray();
    }
}
