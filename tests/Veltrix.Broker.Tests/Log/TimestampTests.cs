using System.Buffers.Binary;
using Veltrix.Broker.Log;
using Veltrix.Broker.Protocol;
using Veltrix.Testing;

namespace Veltrix.Broker.Tests.Log;

/// <summary>Whose timestamps are stored, and which are refused.</summary>
public sealed class TimestampTests : IDisposable
{
    private const long Minute = 60_000;
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTime _time = new(holdsTimers: true);

    public void Dispose() => _directory.Dispose();

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public async Task Append_MoreThanAnHourAhead_IsRefused()
    {
        using var log = new TestLog(_directory.Path, time: _time);
        (await log.AppendAsync(TestBatch.Create(timestamp: Now + 60 * Minute))).Error.ShouldBe(ErrorCode.None);
        (await log.AppendAsync(TestBatch.Create(timestamp: Now + 60 * Minute + 1))).Error.ShouldBe(
            ErrorCode.InvalidTimestamp
        );
        (await log.AppendAsync(TestBatch.Create(timestamp: 0))).Error.ShouldBe(ErrorCode.None);
        (await log.AppendAsync(TestBatch.Create(timestamp: -1))).Error.ShouldBe(ErrorCode.None, "it has none");
    }

    [Fact]
    public async Task Append_WithLimitsOfItsOwn_GoesByEachRecord()
    {
        using var log = new TestLog(_directory.Path, With(new(false, Minute, long.MaxValue)), time: _time);
        (await AppendAsync(Now + 1_000_000 * Minute)).Error.ShouldBe(ErrorCode.None);
        (await AppendAsync(Now, Now - Minute)).Error.ShouldBe(ErrorCode.None);
        (await AppendAsync(Now, Now - Minute - 1, Now)).Error.ShouldBe(ErrorCode.InvalidTimestamp);

        Task<AppendResult> AppendAsync(params long[] timestamps) =>
            log.AppendAsync(RecordBatch.Create([.. timestamps.Select(each => new RecordBatch.Entry("k", "v", each))]));
    }

    /// <summary>Retention would keep such a batch for ever, or remove it at once.</summary>
    [Fact]
    public async Task Append_WrongMaximumInTheHeader_IsPutRight()
    {
        using var log = new TestLog(_directory.Path, time: _time);
        var batch = RecordBatch.Create([new("a", "1", 1_000), new("a", "2", 3_000), new("a", "3", 2_000)]);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(35), long.MaxValue);
        await log.AppendAsync(TestBatch.Sign(batch));

        var stored = log.Read(0);
        new BatchHeader(stored).MaximumTimestamp.ShouldBe(3_000);
        BatchHeader.HasValidCrc(stored).ShouldBeTrue();
        log.Log.FindMaximumTimestamp().ShouldBe((1, 3_000));
    }

    [Fact]
    public async Task Append_WithAppendTime_GivesAllRecordsTheBrokers()
    {
        using var log = new TestLog(_directory.Path, With(new(true, 0, 0)), time: _time);
        var (first, producers) = (Now, Now + 1_000_000 * Minute);
        var result = await log.AppendAsync(RecordBatch.Create([new("a", "1", producers), new("a", "2", 1_000)]));
        result.AppendTimestamp.ShouldBe(first);
        _time.Advance(TimeSpan.FromMinutes(1));
        await log.AppendAsync(RecordBatch.Create([new("a", "3")]));

        var header = new BatchHeader(log.Read(0));
        (header.HasAppendTime, header.MaximumTimestamp).ShouldBe((true, first));
        BatchHeader.HasValidCrc(log.Read(0)[..(int)header.TotalBytes]).ShouldBeTrue();
        log.Log.FindTimestamp(first).ShouldBe((0, first));
        log.Log.FindTimestamp(first + 1).ShouldBe((2, first + Minute));
        log.Log.FindTimestamp(first + Minute + 1).ShouldBeNull();
    }

    [Fact]
    public async Task Append_ThatSaysItHasAppendTime_HasItsOwn()
    {
        using var log = new TestLog(_directory.Path, time: _time);
        await log.AppendAsync(TestBatch.Create(attributes: 8));
        new BatchHeader(log.Read(0)).HasAppendTime.ShouldBeFalse();
    }

    private static LogSettings With(TimestampSettings timestamps) => TestLog.Large with { Timestamps = timestamps };
}
