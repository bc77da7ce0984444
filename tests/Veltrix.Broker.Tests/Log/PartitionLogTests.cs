using System.Buffers.Binary;
using Veltrix.Broker.Log;
using Veltrix.Broker.Protocol;
using Veltrix.Testing;

namespace Veltrix.Broker.Tests.Log;

public sealed class PartitionLogTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Append_SeveralBatches_GivesConsecutiveOffsetsAndTheSameBytesBack()
    {
        using var log = new TestLog(_directory.Path, leaderEpoch: 3);
        (await log.AppendAsync(TestBatch.Create(records: 5, fill: 1))).BaseOffset.ShouldBe(0);
        (await log.AppendAsync(TestBatch.Create(records: 2, fill: 2))).BaseOffset.ShouldBe(5);

        var read = log.Read(5);

        var header = new BatchHeader(read);
        header.BaseOffset.ShouldBe(5);
        header.LeaderEpoch.ShouldBe(3);
        BatchHeader.HasValidCrc(read).ShouldBeTrue();
        read[BatchHeader.SizeBytes..].Count(value => value == 2).ShouldBeGreaterThan(5);
        log.Log.HighWatermark.ShouldBe(7);
    }

    [Fact]
    public async Task Append_BeforeTheDiskConfirms_IsNeitherAcknowledgedNorVisible()
    {
        using var log = new TestLog(_directory.Path);
        log.Disk.HoldFlushes();
        var waiter = new TestLog.Waiter();
        log.Log.Append(TestBatch.Create(), waiter, 0).BaseOffset.ShouldBe(0);

        waiter.Durable.IsCompleted.ShouldBeFalse();
        log.Log.HighWatermark.ShouldBe(0);
        log.Read(0).ShouldBeEmpty();

        log.Disk.ReleaseFlushes();
        (await waiter.Durable).ShouldBe(ErrorCode.None);
        log.Read(0).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Append_WhenTheSyncFails_StopsThePartition()
    {
        using var log = new TestLog(_directory.Path);
        log.Disk.FailsToFlush = true;

        (await log.AppendAsync(TestBatch.Create())).Error.ShouldBe(ErrorCode.KafkaStorageError);

        log.Disk.FailsToFlush = false;
        log.Log.IsFailed.ShouldBeTrue();
        (await log.AppendAsync(TestBatch.Create())).Error.ShouldBe(ErrorCode.KafkaStorageError);
        log.Log.TryFind(0, 1000, true, out _).ShouldBe(ErrorCode.KafkaStorageError);
        log.Log.HighWatermark.ShouldBe(0);
    }

    [Fact]
    public async Task Append_OnAFullDisk_RefusesAndGoesOnWhenThereIsRoomAgain()
    {
        using (var log = new TestLog(_directory.Path))
        {
            await log.AppendAsync(TestBatch.Create(fill: 1));
            log.Disk.FailsToWrite = true;
            (await log.AppendAsync(TestBatch.Create(fill: 2))).Error.ShouldBe(ErrorCode.KafkaStorageError);
            log.Disk.FailsToWrite = false;
            (await log.AppendAsync(TestBatch.Create(fill: 3))).BaseOffset.ShouldBe(1);
        }
        using var reopened = new TestLog(_directory.Path);
        reopened.Log.LogEndOffset.ShouldBe(2);
        // The end of its value; behind it stands that there are no headers.
        reopened.Read(1)[^2].ShouldBe((byte)3);
    }

    [Fact]
    public async Task Find_FirstBatchLargerThanAllowed_IsGivenWhole()
    {
        using var log = new TestLog(_directory.Path);
        await log.AppendAsync(TestBatch.Create(payloadBytes: 5000));
        await log.AppendAsync(TestBatch.Create(payloadBytes: 5000));

        log.Read(0, maximumBytes: 100).Length.ShouldBe(5000 + BatchHeader.SizeBytes);
        log.Log.TryFind(0, 100, atLeastOne: false, out var nothing).ShouldBe(ErrorCode.None);
        nothing.Bytes.ShouldBe(0);
    }

    [Fact]
    public async Task Find_OutsideOfTheLog_IsOutOfRange()
    {
        using var log = new TestLog(_directory.Path);
        await log.AppendAsync(TestBatch.Create(records: 3));

        log.Log.TryFind(4, 100, true, out _).ShouldBe(ErrorCode.OffsetOutOfRange);
        log.Log.TryFind(-1, 100, true, out _).ShouldBe(ErrorCode.OffsetOutOfRange);
        log.Log.TryFind(3, 100, true, out var atEnd).ShouldBe(ErrorCode.None);
        atEnd.Bytes.ShouldBe(0);
    }

    [Fact]
    public async Task Read_OverManySegments_FindsEveryOffset()
    {
        var settings = TestLog.Large with { SegmentBytes = 4096 };
        using (var log = new TestLog(_directory.Path, settings))
        {
            for (var count = 0; count < 200; count++)
                await log.AppendAsync(TestBatch.Create(records: 3, payloadBytes: 300));
            ReadsEveryOffset(log);
        }
        using var reopened = new TestLog(_directory.Path, settings);
        ReadsEveryOffset(reopened);
        Directory.GetFiles(_directory.Path, "*.log").Length.ShouldBeGreaterThan(10);

        static void ReadsEveryOffset(TestLog log)
        {
            log.Log.LogEndOffset.ShouldBe(600);
            for (var offset = 0L; offset < 600; offset++)
                new BatchHeader(log.Read(offset)).BaseOffset.ShouldBe(offset / 3 * 3);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task FindTimestamp_InsideABatch_GivesTheVeryRecord(int codec)
    {
        using var log = new TestLog(_directory.Path);
        await log.AppendAsync(RecordBatch.Create([new("a", "1", 100), new("b", "2", 300), new("c", "3", 200)], codec));
        await log.AppendAsync(RecordBatch.Create([new("d", "4", 250), new("e", "5", 400)], codec));
        log.Log.FindTimestamp(100).ShouldBe((0, 100));
        log.Log.FindTimestamp(101).ShouldBe((1, 300));
        log.Log.FindTimestamp(301).ShouldBe((4, 400));
        log.Log.FindTimestamp(401).ShouldBeNull();
        log.Log.FindMaximumTimestamp().ShouldBe((4, 400));

        log.Log.AdvanceStart(2).ShouldBe(ErrorCode.None);
        log.Log.FindTimestamp(0).ShouldBe((2, 200));
        log.Log.FindTimestamp(201).ShouldBe((3, 250));
    }

    [Fact]
    public async Task FindTimestamp_AcrossSegments_GivesTheFirstBatchThatReachesIt()
    {
        using var log = new TestLog(_directory.Path, TestLog.Large with { SegmentBytes = 4096 });
        for (var count = 0; count < 100; count++)
            await log.AppendAsync(TestBatch.Create(payloadBytes: 300, timestamp: 1000 + count * 10));

        log.Log.FindTimestamp(0).ShouldBe((0, 1000));
        log.Log.FindTimestamp(1505).ShouldBe((51, 1510));
        log.Log.FindTimestamp(1990).ShouldBe((99, 1990));
        log.Log.FindTimestamp(1991).ShouldBeNull();
        log.Log.FindMaximumTimestamp().ShouldBe((99, 1990));
    }

    [Fact]
    public async Task ApplyRetention_ByBytes_RemovesWholeSegmentsFromTheStart()
    {
        var settings = TestLog.Large with { SegmentBytes = 4096, RetentionBytes = 10_000 };
        using (var log = new TestLog(_directory.Path, settings))
        {
            for (var count = 0; count < 100; count++)
                await log.AppendAsync(TestBatch.Create(payloadBytes: 300));
            log.Log.ApplyRetention();

            log.Log.LogStartOffset.ShouldBeGreaterThan(0);
            log.Log.TotalBytes.ShouldBeInRange(10_000, 10_000 + 4096);
            log.Log.TryFind(0, 100, true, out _).ShouldBe(ErrorCode.OffsetOutOfRange);
            new BatchHeader(log.Read(log.Log.LogStartOffset)).BaseOffset.ShouldBe(log.Log.LogStartOffset);
        }
        using var reopened = new TestLog(_directory.Path, settings);
        reopened.Log.LogStartOffset.ShouldBeGreaterThan(0);
        reopened.Log.LogEndOffset.ShouldBe(100);
    }

    /// <summary>Retention is what makes room: it may not need any itself.</summary>
    [Fact]
    public async Task ApplyRetention_OnAFullDisk_FreesIt()
    {
        var settings = TestLog.Large with { SegmentBytes = 4096, RetentionBytes = 10_000 };
        using (var log = new TestLog(_directory.Path, settings))
        {
            for (var count = 0; count < 100; count++)
                await log.AppendAsync(TestBatch.Create(payloadBytes: 300));
            var files = Directory.GetFiles(_directory.Path, "*.log").Length;
            log.Disk.FailsToWrite = true;
            log.Log.ApplyRetention();
            Directory.GetFiles(_directory.Path, "*.log").Length.ShouldBeLessThan(files / 2);
            log.Log.LogStartOffset.ShouldBeGreaterThan(0);
            new BatchHeader(log.Read(log.Log.LogStartOffset)).BaseOffset.ShouldBe(log.Log.LogStartOffset);
        }
        using var reopened = new TestLog(_directory.Path, settings);
        reopened.Log.LogEndOffset.ShouldBe(100);
        reopened.Log.LogStartOffset.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task AdvanceStart_ThatIsNotDurable_IsNone()
    {
        using (var log = new TestLog(_directory.Path))
        {
            for (var count = 0; count < 10; count++)
                await log.AppendAsync(TestBatch.Create());
            log.Disk.FailsToWrite = true;
            log.Log.AdvanceStart(4).ShouldBe(ErrorCode.KafkaStorageError);
            log.Log.LogStartOffset.ShouldBe(0);
            File.Exists(Path.Combine(_directory.Path, "checkpoint.new")).ShouldBeFalse("it keeps the disk full");
            log.Disk.FailsToWrite = false;
            log.Log.AdvanceStart(4).ShouldBe(ErrorCode.None);
        }
        using var reopened = new TestLog(_directory.Path);
        reopened.Log.LogStartOffset.ShouldBe(4);
    }

    /// <summary>Whoever is being sent records gets all of them.</summary>
    [Fact]
    public async Task Segment_ThatIsHeld_CanBeReadThoughRetentionTookIt()
    {
        using var log = new TestLog(_directory.Path, TestLog.Large with { SegmentBytes = 4096, RetentionBytes = 1 });
        for (var count = 0; count < 20; count++)
            await log.AppendAsync(TestBatch.Create(payloadBytes: 300));
        log.Log.TryFind(0, 1000, true, out var range).ShouldBe(ErrorCode.None);
        using var answer = new ProtocolWriter(1, flexible: false, headerTags: false);
        answer.WriteRecords(range);
        log.Log.ApplyRetention();
        log.Log.LogStartOffset.ShouldBeGreaterThan(0);
        File.Exists(range.Segment.Path).ShouldBeFalse();

        range.ReadAt(0, new byte[range.Bytes]).ShouldBe(range.Bytes);
        answer.Dispose();
        range.Segment.Handle.IsClosed.ShouldBeTrue();
        using var late = new ProtocolWriter(2, flexible: false, headerTags: false);
        late.WriteRecords(range);
        late.Records.ShouldBeEmpty();
    }

    [Fact]
    public async Task Append_ABatchAgainWithAppendTime_AnswersItsTime()
    {
        var time = new ManualTime(holdsTimers: true);
        var settings = TestLog.Large with { Timestamps = TimestampSettings.Default with { IsAppendTime = true } };
        var batch = TestBatch.Create(producerId: 1, producerEpoch: 0, sequence: 0);
        var written = time.GetUtcNow().ToUnixTimeMilliseconds();
        using (var log = new TestLog(_directory.Path, settings, time: time))
        {
            (await log.AppendAsync([.. batch])).AppendTimestamp.ShouldBe(written);
            await log.AppendAsync(TestBatch.Create(producerId: 1, producerEpoch: 0, sequence: 1));
            time.Advance(TimeSpan.FromMinutes(1));
            (await log.AppendAsync([.. batch])).AppendTimestamp.ShouldBe(written);
        }
        using var reopened = new TestLog(_directory.Path, settings, leaderEpoch: 1, time: time);
        (await reopened.AppendAsync([.. batch])).ShouldBe(
            new AppendResult(ErrorCode.None, 0) { AppendTimestamp = written }
        );
    }

    [Fact]
    public async Task Fetch_OfWhatTheDiskCannotRead_SaysSo()
    {
        using var log = new TestLog(_directory.Path);
        await log.AppendAsync(TestBatch.Create());
        await log.AppendAsync(TestBatch.Create());
        // Where no batch begins: as garbled as a disk can leave it.
        log.Disk.Write(log.Log.SegmentsFrom(0)[0].Handle, new byte[BatchHeader.SizeBytes], 0);
        log.Log.Fetch(1, 100, true, false, out var range, out _).ShouldBe(ErrorCode.CorruptMessage);
        range.Bytes.ShouldBe(0);
    }

    [Fact]
    public async Task ApplyRetention_ByTime_RemovesWhatIsOlderThanAllowed()
    {
        var time = new ManualTime(holdsTimers: true);
        using var log = new TestLog(
            _directory.Path,
            TestLog.Large with
            {
                RetentionAge = TimeSpan.FromHours(1),
            },
            time: time
        );
        await log.AppendAsync(TestBatch.Create(timestamp: time.GetUtcNow().ToUnixTimeMilliseconds()));

        log.Log.ApplyRetention();
        log.Log.LogStartOffset.ShouldBe(0);
        time.Advance(TimeSpan.FromHours(2));
        log.Log.ApplyRetention();

        log.Log.LogStartOffset.ShouldBe(1);
        (await log.AppendAsync(TestBatch.Create())).BaseOffset.ShouldBe(1);
    }

    [Fact]
    public async Task AdvanceStart_InTheMiddleOfASegment_SurvivesACrash()
    {
        using (var log = new TestLog(_directory.Path))
        {
            for (var count = 0; count < 10; count++)
                await log.AppendAsync(TestBatch.Create());
            log.Log.AdvanceStart(4).ShouldBe(ErrorCode.None);
            log.Log.AdvanceStart(11).ShouldBe(ErrorCode.OffsetOutOfRange);
        }
        using var reopened = new TestLog(_directory.Path);
        reopened.Log.LogStartOffset.ShouldBe(4);
        reopened.Log.LogEndOffset.ShouldBe(10);
    }

    [Fact]
    public async Task Watch_WhenRecordsBecomeVisible_IsSignalled()
    {
        using var log = new TestLog(_directory.Path);
        var signal = new FetchSignal();
        log.Log.Watch(signal, offset: 0);
        signal.Task.IsCompleted.ShouldBeFalse();

        await log.AppendAsync(TestBatch.Create());

        await signal.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task EndOfEpoch_AfterRestarts_SaysWhereEachEpochEnded()
    {
        for (var epoch = 0; epoch < 3; epoch++)
        {
            using var log = new TestLog(_directory.Path, leaderEpoch: epoch);
            await log.AppendAsync(TestBatch.Create(records: 10));
        }
        using var reopened = new TestLog(_directory.Path, leaderEpoch: 3);

        reopened.Log.EndOfEpoch(0).ShouldBe((0, 10));
        reopened.Log.EndOfEpoch(1).ShouldBe((1, 20));
        reopened.Log.EndOfEpoch(2).ShouldBe((2, 30));
        reopened.Log.EndOfEpoch(3).ShouldBe((3, 30));
        reopened.Log.EndOfEpoch(4).ShouldBe((-1, -1));
        reopened.Log.EpochAt(15).ShouldBe(1);
    }

    [Fact]
    public void Append_ToAnOpenSegment_AllocatesNothingPerMessage()
    {
        const int Appends = 2000;
        const int Records = 100;
        using var log = new TestLog(_directory.Path, TestLog.Large with { SegmentBytes = 1 << 30 });
        var batch = TestBatch.Create(Records, payloadBytes: 5000, producerId: 1, producerEpoch: 0, sequence: 0);
        Append(Appends);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Append(Appends);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // What is left is the sparse index: 24 bytes for 16 KiB of log, doubled now and then.
        allocated.ShouldBeLessThan(Appends * Records / 4);

        void Append(int count)
        {
            for (; count > 0; count--)
            {
                BinaryPrimitives.WriteInt64BigEndian(batch, 0);
                BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(53), (int)log.Log.LogEndOffset);
                TestBatch.Sign(batch);
                // No assertion of a library here: those allocate.
                if (log.Log.Append(batch, null, 0).Error != ErrorCode.None)
                    throw new InvalidOperationException("refused");
            }
        }
    }
}
