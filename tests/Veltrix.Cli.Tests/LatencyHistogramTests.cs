using Veltrix.Cli.Load;

namespace Veltrix.Cli.Tests;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Percentile_Empty_IsNull() => new LatencyHistogram().PercentileMilliseconds(0.5).ShouldBeNull();

    [Fact]
    public void Percentile_SmallValues_AreExact()
    {
        var histogram = new LatencyHistogram();
        for (var microseconds = 1; microseconds <= 2_000; microseconds++)
            histogram.Record(microseconds);

        histogram.PercentileMilliseconds(0.5).ShouldBe(1.0);
        histogram.PercentileMilliseconds(0.99).ShouldBe(1.98);
        histogram.PercentileMilliseconds(1).ShouldBe(2.0);
        histogram.PercentileMilliseconds(0).ShouldBe(0.001);
    }

    [Theory]
    [InlineData(2_047)]
    [InlineData(2_048)]
    [InlineData(4_095)]
    [InlineData(4_096)]
    [InlineData(1_000_000)]
    [InlineData(3_600_000_000)]
    [InlineData(long.MaxValue)]
    public void Percentile_OneValue_IsWithinOneInAThousand(long microseconds)
    {
        var histogram = new LatencyHistogram();
        histogram.Record(microseconds);

        var milliseconds = histogram.PercentileMilliseconds(0.5).ShouldNotBeNull();

        milliseconds.ShouldBeInRange(microseconds / 1000d, microseconds / 1000d * 1.001);
    }

    [Fact]
    public void Record_NegativeValue_CountsAsZero()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(-5);

        histogram.PercentileMilliseconds(0.5).ShouldBe(0);
    }

    // Against the plain definition: sort, take the value at the rank.
    [Fact]
    public void Percentile_ManyValues_AgreesWithTheSortedList()
    {
        var random = new Random(20_261_121);
        var values = Enumerable.Range(0, 10_000).Select(_ => (long)Math.Exp(random.NextDouble() * 18)).ToList();
        var histogram = new LatencyHistogram();
        values.ForEach(value => histogram.Record(value));
        values.Sort();

        foreach (var fraction in new[] { 0.01, 0.5, 0.9, 0.99, 0.999 })
        {
            var exact = values[(int)Math.Ceiling(fraction * values.Count) - 1] / 1000d;
            histogram.PercentileMilliseconds(fraction)!.Value.ShouldBeInRange(exact, exact * 1.001 + 0.001);
        }
    }
}
