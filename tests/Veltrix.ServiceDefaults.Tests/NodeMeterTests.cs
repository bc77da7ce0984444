using FsCheck;
using FsCheck.Fluent;
using Veltrix.Configuration;
using Veltrix.Events;
using Veltrix.ServiceDefaults.Configuration;

namespace Veltrix.ServiceDefaults.Tests;

public sealed class NodeMeterTests
{
    private const long LongestTicks = 100 * TimeSpan.TicksPerMinute;

    [Fact]
    public void Take_AnyLatencies_PercentilesAreWithinOnePercent()
    {
        // Latencies spread over all magnitudes, from 100 ns to 100 minutes.
        var latencies = Gen.Choose(0, 10_000)
            .Select(position => (long)Math.Pow(LongestTicks, position / 10_000.0))
            .NonEmptyListOf();

        Prop.ForAll(
                Arb.From(latencies),
                ticks =>
                {
                    var meter = new NodeMeter();
                    foreach (var value in ticks)
                        meter.Record(TimeSpan.FromTicks(value));
                    var measured = meter.Take();
                    return IsWithinOnePercent(measured.LatencyP50Milliseconds, NearestRank(ticks, 0.50))
                        && IsWithinOnePercent(measured.LatencyP99Milliseconds, NearestRank(ticks, 0.99))
                        && measured.Events == ticks.Count;
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Take_StartsTheNextInterval()
    {
        var meter = new NodeMeter { Workers = 4 };
        meter.Record(TimeSpan.FromMilliseconds(5), 10);
        meter.RecordErrors(ErrorCatalogue.Overloaded, 3);

        var first = meter.Take();
        var second = meter.Take();

        (first.Events, first.Errors, first.Workers).ShouldBe((10, 3, 4));
        first.ErrorsByCode.ShouldBe([new ErrorCount("VX-1010", 3)]);
        first.Latency!.Counts.ShouldBe([10]);
        first.Handling.ShouldBeNull();
        first.LatencyP50Milliseconds!.Value.ShouldBe(5, tolerance: 0.05);
        second.ShouldBe(new NodeMeasurement(0, 0, null, null, 4));
    }

    [Theory]
    [InlineData(-5)]
    [InlineData(0)]
    public void Record_ALatencyThatIsNotPositive_CountsAsZero(int milliseconds)
    {
        var meter = new NodeMeter();
        meter.Record(TimeSpan.FromMilliseconds(milliseconds));
        meter.Take().LatencyP99Milliseconds.ShouldBe(0);
    }

    [Fact]
    public void Record_ALatencyBeyondTheRange_CountsAsTheLongest()
    {
        var meter = new NodeMeter();
        meter.Record(TimeSpan.MaxValue);
        meter
            .Take()
            .LatencyP99Milliseconds!.Value.ShouldBe(TimeSpan.FromMinutes(114).TotalMilliseconds, tolerance: 60_000);
    }

    [Fact]
    public void Record_FromManyThreads_LosesNothing()
    {
        var meter = new NodeMeter();
        Parallel.For(0, 100_000, index => meter.Record(TimeSpan.FromTicks(index)));
        meter.Take().Events.ShouldBe(100_000);
    }

    [Fact]
    public void Take_HandlingQueueAndErrors_AreReported()
    {
        var meter = new NodeMeter();
        meter.UseQueue(() => new QueueOccupancy(512, 0.5));
        meter.RecordHandling(TimeSpan.FromMilliseconds(2), 7);
        meter.RecordErrors(ErrorCatalogue.UnusableData);
        meter.RecordErrors(ErrorCatalogue.Overloaded, 2);

        var measured = meter.Take();

        measured.Queue.ShouldBe(new QueueOccupancy(512, 0.5));
        measured.ErrorsByCode.ShouldBe([
            new(ErrorCatalogue.Overloaded.Code, 2),
            new(ErrorCatalogue.UnusableData.Code, 1),
        ]);
        (measured.Latency, measured.LatencyP99Milliseconds).ShouldBe((null, null));
        measured.Handling!.Counts.ShouldBe([7]);
        var middle = LatencyHistogram.Buckets.MiddleOf(measured.Handling.FirstBucket);
        TimeSpan.FromTicks(middle).TotalMilliseconds.ShouldBe(2, tolerance: 2 / 16.0);
    }

    [Fact]
    public void Record_AllocatesNothing()
    {
        var meter = new NodeMeter();
        meter.Record(TimeSpan.FromMilliseconds(1));
        meter.RecordErrors(ErrorCatalogue.Overloaded);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var index = 0; index < 1_000; index++)
        {
            meter.Record(TimeSpan.FromTicks(index * 1_000));
            meter.RecordHandling(TimeSpan.FromTicks(index * 1_000), 1);
            meter.RecordErrors(ErrorCatalogue.Overloaded);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static double NearestRank(IEnumerable<long> ticks, double share)
    {
        var sorted = ticks.Order().ToArray();
        return TimeSpan.FromTicks(sorted[(int)Math.Ceiling(share * sorted.Length) - 1]).TotalMilliseconds;
    }

    private static bool IsWithinOnePercent(double? measured, double exact) =>
        measured is { } value && Math.Abs(value - exact) <= 0.01 * exact;
}
