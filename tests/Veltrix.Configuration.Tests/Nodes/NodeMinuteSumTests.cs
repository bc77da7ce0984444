using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Veltrix.Configuration.Tests.Nodes;

public sealed class NodeMinuteSumTests
{
    private const long LongestTicks = 100 * TimeSpan.TicksPerMinute;

    /// <summary>A bucket's middle is at most half a bucket from every value in it; there are eight per power of two.</summary>
    private const double LargestError = 1 / 16.0;

    private static readonly DateTimeOffset Minute = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    // Latencies spread over all magnitudes, from 100 ns to 100 minutes, as several reports had them.
    private static readonly Gen<List<long>[]> Reports = Gen.Choose(0, 10_000)
        .Select(position => (long)Math.Pow(LongestTicks, position / 10_000.0))
        .ListOf()
        .Select(list => list.ToList())
        .NonEmptyListOf()
        .Where(reports => reports.Any(report => report.Count > 0))
        .Select(reports => reports.ToArray());

    [Fact]
    public void ToMinute_AnyReports_PercentilesAreThoseOfAllLatenciesWithinABucket() =>
        Prop.ForAll(
                Arb.From(Reports),
                reports =>
                {
                    var sum = new NodeMinuteSum(Minute);
                    foreach (var latencies in reports)
                        sum.Add(Report(latency: Histogram(latencies)));
                    var all = reports.SelectMany(latencies => latencies).Order().ToArray();
                    var minute = sum.ToMinute();
                    return IsClose(minute.LatencyP50Milliseconds, NearestRank(all, 0.50))
                        && IsClose(minute.LatencyP99Milliseconds, NearestRank(all, 0.99));
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Add_PartsOfAMinute_AreWhatTheirReportsAre() =>
        Prop.ForAll(
                Arb.From(Reports),
                reports =>
                {
                    var (whole, first, second) = (
                        new NodeMinuteSum(Minute),
                        new NodeMinuteSum(Minute),
                        new NodeMinuteSum(Minute)
                    );
                    foreach (var (index, latencies) in reports.Index())
                    {
                        var report = Report(
                            events: latencies.Count,
                            version: index % 3 + 1,
                            latency: Histogram(latencies),
                            errors: [new($"VX-100{index % 5}", index + 1)]
                        );
                        whole.Add(report);
                        (index % 2 == 0 ? first : second).Add(report);
                    }
                    var merged = new NodeMinuteSum(Minute);
                    merged.Add(Copy(first.ToMinute()));
                    merged.Add(Copy(second.ToMinute()));
                    return Text(Rounded(merged.ToMinute())) == Text(Rounded(whole.ToMinute()));
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void ToMinute_TakesTheFullestQueue_TheMostFrequentErrorsAndAllVersions()
    {
        var sum = new NodeMinuteSum(Minute);
        sum.Add(Report(events: 10, version: 3, queue: new(900, 0.1), errors: [new("VX-1001", 1), new("VX-1009", 5)]));
        sum.Add(Report(events: 30, version: 4, queue: new(200, 0.6), errors: [new("VX-1001", 2)]));

        var minute = sum.ToMinute();

        (minute.Reports, minute.EventsPerSecond).ShouldBe((2, 20));
        minute.Queue.ShouldBe(new QueueOccupancy(900, 0.6));
        minute.Errors.ShouldBe([new("VX-1009", 5), new("VX-1001", 3)]);
        minute.Versions.ShouldBe([3, 4]);
        (minute.LatencyP99Milliseconds, minute.Latency, minute.Handling).ShouldBe((null, null, null));
    }

    [Fact]
    public void Add_MoreCodesAndVersionsThanAreKept_StaysBounded()
    {
        var sum = new NodeMinuteSum(Minute);
        for (var number = 0; number < 1_000; number++)
            sum.Add(Report(version: number, errors: [new($"VX-{number:d4}", number)]));

        var minute = sum.ToMinute();

        minute.Errors.Count.ShouldBe(NodeReport.MaximumErrorCodes);
        minute.Versions.ShouldBe(
            Enumerable.Range(1_000 - NodeMinuteSum.MaximumVersions, NodeMinuteSum.MaximumVersions)
        );
    }

    [Theory]
    [InlineData(0, 272, true)]
    [InlineData(0, 273, false)]
    [InlineData(271, 1, true)]
    [InlineData(272, 0, true)]
    [InlineData(272, 1, false)]
    [InlineData(-1, 1, false)]
    [InlineData(int.MaxValue, 2, false)]
    public void IsValid_HoldsEveryCountInABucket(int first, int count, bool isValid) =>
        new LatencyHistogram(first, new long[count]).IsValid().ShouldBe(isValid);

    [Theory]
    [InlineData(-1, false)]
    [InlineData(LatencyHistogram.MaximumCount, true)]
    [InlineData(LatencyHistogram.MaximumCount + 1, false)]
    public void IsValid_BoundsCounts(long count, bool isValid) =>
        new LatencyHistogram(5, [count]).IsValid().ShouldBe(isValid);

    private static LatencyHistogram? Histogram(IEnumerable<long> ticks)
    {
        var counts = new LatencyCounts(LatencyHistogram.Buckets);
        foreach (var value in ticks)
            counts.Add(LatencyHistogram.Buckets.IndexOf(value), 1);
        return counts.ToHistogram();
    }

    private static NodeReport Report(
        double events = 0,
        int version = 1,
        LatencyHistogram? latency = null,
        QueueOccupancy? queue = null,
        IReadOnlyList<ErrorCount>? errors = null
    ) =>
        new("node", "ingest", version, "h", default, default, 0.5, 1, events, 0, null, null, null)
        {
            Latency = latency,
            Queue = queue,
            Errors = errors,
        };

    /// <summary>As it is after it was stored.</summary>
    private static NodeMinute Copy(NodeMinute minute) =>
        JsonSerializer.Deserialize(Text(minute), ConfigurationJson.Default.NodeMinute)!;

    private static string Text(NodeMinute minute) =>
        JsonSerializer.Serialize(minute, ConfigurationJson.Default.NodeMinute);

    /// <summary>Sums of the same numbers in another order differ in their last digit.</summary>
    private static NodeMinute Rounded(NodeMinute minute) =>
        minute with
        {
            EventsPerSecond = Math.Round(minute.EventsPerSecond, 6),
            CpuCores = Math.Round(minute.CpuCores, 6),
        };

    private static double NearestRank(long[] sorted, double share) =>
        TimeSpan.FromTicks(sorted[(int)Math.Ceiling(share * sorted.Length) - 1]).TotalMilliseconds;

    private static bool IsClose(double? measured, double exact) =>
        measured is { } value && Math.Abs(value - exact) <= LargestError * exact;
}
