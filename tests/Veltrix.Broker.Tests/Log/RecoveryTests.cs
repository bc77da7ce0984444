using Veltrix.Broker.Log;
using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Tests.Log;

/// <summary>What a crash can leave behind: a log that ends anywhere, or in garbage.</summary>
public sealed class RecoveryTests : IDisposable
{
    private const int Batches = 4;
    private const int RecordsPerBatch = 3;
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Open_CutAtEveryByteOfTheLastBatches_KeepsExactlyTheWholeOnes()
    {
        var (original, file) = await WriteAsync();
        var batchBytes = original.Length / Batches;

        for (var length = original.Length; length >= original.Length - 2 * batchBytes; length--)
        {
            await File.WriteAllBytesAsync(file, original[..length], TestContext.Current.CancellationToken);
            using var log = new TestLog(_directory.Path);
            var whole = length / batchBytes;
            log.Log.LogEndOffset.ShouldBe(whole * RecordsPerBatch);
            log.Log.HighWatermark.ShouldBe(whole * RecordsPerBatch);
            new FileInfo(file).Length.ShouldBe(whole * batchBytes);
            (await log.AppendAsync(TestBatch.Create())).BaseOffset.ShouldBe(whole * RecordsPerBatch);
        }
    }

    [Fact]
    public async Task Open_GarbledAtEveryByteOfTheLastBatch_CutsItOff()
    {
        var (original, file) = await WriteAsync();
        var batchBytes = original.Length / Batches;

        for (var position = original.Length - batchBytes; position < original.Length; position++)
        {
            var garbled = original.ToArray();
            garbled[position] ^= 0x5A;
            await File.WriteAllBytesAsync(file, garbled, TestContext.Current.CancellationToken);
            using var log = new TestLog(_directory.Path);
            var inBatch = position - (original.Length - batchBytes);
            log.Log.LogEndOffset.ShouldBe((Batches - 1) * RecordsPerBatch, $"byte {inBatch}");
        }
    }

    [Fact]
    public async Task Open_GarbageBehindTheEnd_CutsItOff()
    {
        var (original, file) = await WriteAsync();
        foreach (var garbage in new[] { new byte[1], new byte[12], new byte[61], new byte[5000] })
        {
            Random.Shared.NextBytes(garbage);
            await File.WriteAllBytesAsync(file, [.. original, .. garbage], TestContext.Current.CancellationToken);
            using var log = new TestLog(_directory.Path);
            log.Log.LogEndOffset.ShouldBe(Batches * RecordsPerBatch);
            new FileInfo(file).Length.ShouldBe(original.Length);
        }
    }

    [Fact]
    public async Task Open_BadBatchInAnOlderSegment_DropsTheSegmentsAfterIt()
    {
        var settings = TestLog.Large with { SegmentBytes = 4096 };
        using (var log = new TestLog(_directory.Path, settings))
        {
            for (var count = 0; count < 50; count++)
                await log.AppendAsync(TestBatch.Create(payloadBytes: 300));
        }
        var files = Directory.GetFiles(_directory.Path, "*.log").Order(StringComparer.Ordinal).ToList();
        var bytes = await File.ReadAllBytesAsync(files[1], TestContext.Current.CancellationToken);
        bytes[BatchHeader.SizeBytes + 5] ^= 1;
        await File.WriteAllBytesAsync(files[1], bytes, TestContext.Current.CancellationToken);

        using var reopened = new TestLog(_directory.Path, settings);

        reopened.Log.LogEndOffset.ShouldBe(long.Parse(Path.GetFileNameWithoutExtension(files[1])));
        Directory.GetFiles(_directory.Path, "*.log").Length.ShouldBe(2);
    }

    /// <summary>A batch that a full disk cut off, at the end of a segment behind which another one was begun.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Open_AfterAFullDiskAndARoll_HasEverythingAcknowledged(bool stopsCleanly)
    {
        var settings = TestLog.Large with { SegmentBytes = 4096 };
        using (var log = new TestLog(_directory.Path, settings))
        {
            await log.AppendAsync(TestBatch.Create(payloadBytes: 1000));
            log.Log.Checkpoint().ShouldBeTrue();
            log.Disk.FailsToWrite = true;
            (await log.AppendAsync(TestBatch.Create(payloadBytes: 2000))).Error.ShouldBe(ErrorCode.KafkaStorageError);
            log.Disk.FailsToWrite = false;
            (await log.AppendAsync(TestBatch.Create(payloadBytes: 3500))).BaseOffset.ShouldBe(1);
            if (stopsCleanly)
                log.Log.Checkpoint().ShouldBeTrue();
        }
        using var reopened = new TestLog(_directory.Path, settings, leaderEpoch: 1);
        Directory.GetFiles(_directory.Path, "*.log").Length.ShouldBe(2);
        new FileInfo(Path.Combine(_directory.Path, Segment.NameOf(0))).Length.ShouldBe(1000 + BatchHeader.SizeBytes);
        reopened.Log.LogEndOffset.ShouldBe(2);
        reopened.Read(0).Length.ShouldBe(1000 + BatchHeader.SizeBytes);
        new BatchHeader(reopened.Read(1)).BaseOffset.ShouldBe(1);
    }

    /// <summary>As a full disk and a power loss leave it: the cut is not durable, what came behind it is.</summary>
    [Fact]
    public async Task Open_GarbageAtTheEndOfAnOlderSegment_KeepsTheSegmentsBehindIt()
    {
        var settings = TestLog.Large with { SegmentBytes = 4096 };
        using (var log = new TestLog(_directory.Path, settings))
        {
            for (var count = 0; count < 30; count++)
                await log.AppendAsync(TestBatch.Create(payloadBytes: 300));
        }
        var first = Directory.GetFiles(_directory.Path, "*.log").Order(StringComparer.Ordinal).First();
        await File.AppendAllBytesAsync(
            first,
            TestBatch.Create(payloadBytes: 300)[..200],
            TestContext.Current.CancellationToken
        );

        using var reopened = new TestLog(_directory.Path, settings);

        reopened.Log.LogEndOffset.ShouldBe(30);
        for (var offset = 0L; offset < 30; offset++)
            new BatchHeader(reopened.Read(offset)).BaseOffset.ShouldBe(offset);
    }

    /// <summary>Only compaction leaves gaps, and never behind a checkpoint: what comes behind this one was never acknowledged.</summary>
    [Fact]
    public async Task Open_CompactedLogWithoutTheEndOfASegment_TakesItsBatchesAgain()
    {
        var settings = TestLog.Large with
        {
            SegmentBytes = 4096,
            Compaction = new CompactionSettings(0, TimeSpan.Zero, TimeSpan.MaxValue, TimeSpan.Zero),
        };
        using (var log = new TestLog(_directory.Path, settings))
        {
            (await log.AppendAsync(Keyed(0))).BaseOffset.ShouldBe(0);
            log.Log.Checkpoint().ShouldBeTrue();
            (await log.AppendAsync(Keyed(1))).BaseOffset.ShouldBe(1);
            (await log.AppendAsync(Keyed(2))).BaseOffset.ShouldBe(2);
        }
        Directory.GetFiles(_directory.Path, "*.log").Length.ShouldBe(2);
        using (var first = new FileStream(Path.Combine(_directory.Path, Segment.NameOf(0)), FileMode.Open))
            first.SetLength(first.Length / 2);

        using var reopened = new TestLog(_directory.Path, settings, leaderEpoch: 1);

        reopened.Log.LogEndOffset.ShouldBe(1);
        (await reopened.AppendAsync(Keyed(1))).BaseOffset.ShouldBe(1);

        static byte[] Keyed(int sequence) =>
            RecordBatch.Create(
                [new($"{sequence}", new string('x', 1500))],
                producerId: 1,
                producerEpoch: 0,
                sequence: sequence
            );
    }

    [Fact]
    public async Task Open_AfterACheckpoint_TrustsWhatIsBeforeItAndReadsWhatIsAfter()
    {
        using (var log = new TestLog(_directory.Path))
        {
            await log.AppendAsync(TestBatch.Create(records: 5, producerId: 9, producerEpoch: 0, sequence: 0));
            log.Log.Checkpoint().ShouldBeTrue();
            await log.AppendAsync(TestBatch.Create(records: 5, producerId: 9, producerEpoch: 0, sequence: 5));
        }
        using var reopened = new TestLog(_directory.Path, leaderEpoch: 1);

        reopened.Log.LogEndOffset.ShouldBe(10);
        var first = TestBatch.Create(records: 5, producerId: 9, producerEpoch: 0, sequence: 0);
        (await reopened.AppendAsync(first)).BaseOffset.ShouldBe(0);
        var second = TestBatch.Create(records: 5, producerId: 9, producerEpoch: 0, sequence: 5);
        (await reopened.AppendAsync(second)).BaseOffset.ShouldBe(5);
        var gap = TestBatch.Create(records: 1, producerId: 9, producerEpoch: 0, sequence: 11);
        (await reopened.AppendAsync(gap)).Error.ShouldBe(ErrorCode.OutOfOrderSequenceNumber);
        new BatchHeader(reopened.Read(7)).BaseOffset.ShouldBe(5);
    }

    [Fact]
    public async Task Open_WithAGarbledCheckpoint_ReadsTheWholeLog()
    {
        using (var log = new TestLog(_directory.Path))
        {
            for (var count = 0; count < 10; count++)
                await log.AppendAsync(TestBatch.Create(producerId: 1, producerEpoch: 0, sequence: count));
            log.Log.Checkpoint().ShouldBeTrue();
        }
        var checkpoint = Path.Combine(_directory.Path, "checkpoint");
        var original = await File.ReadAllBytesAsync(checkpoint, TestContext.Current.CancellationToken);
        for (var position = 0; position < original.Length; position++)
        {
            var garbled = original.ToArray();
            garbled[position] ^= 0xFF;
            await File.WriteAllBytesAsync(checkpoint, garbled, TestContext.Current.CancellationToken);
            using var reopened = new TestLog(_directory.Path);
            reopened.Log.LogEndOffset.ShouldBe(10);
            reopened
                .Log.Append(TestBatch.Create(producerId: 1, producerEpoch: 0, sequence: 9), null, 0)
                .BaseOffset.ShouldBe(9);
        }
    }

    private async Task<(byte[] Bytes, string File)> WriteAsync()
    {
        using (var log = new TestLog(_directory.Path))
        {
            for (var count = 0; count < Batches; count++)
                await log.AppendAsync(TestBatch.Create(records: RecordsPerBatch, payloadBytes: 30, fill: (byte)count));
        }
        var file = Path.Combine(_directory.Path, Segment.NameOf(0));
        return (await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken), file);
    }
}
