using Veltrix.Configuration.Rollouts;

namespace Veltrix.Configuration.Tests.Rollouts;

public sealed class StatisticsTests
{
    // Reference values: Fisher's tail is (C(5,4)·C(5,1) + C(5,5)·C(5,0)) / C(10,5) = 26/252; the z is 2.4618 (pooled share 0.035).
    [Fact]
    public void Greater_FewTrials_IsFishersExactTail() => Proportions.Greater(4, 5, 1, 5).ShouldBe(26.0 / 252, 1e-9);

    [Fact]
    public void Greater_ManyTrials_IsTheTailOfZ() =>
        Proportions.Greater(50, 1_000, 20, 1_000).ShouldBe(0.00013, 0.00002);

    [Theory]
    [InlineData(0, 0, 3, 10)]
    [InlineData(3, 10, 0, 0)]
    [InlineData(0, 10, 0, 10)]
    [InlineData(10, 10, 10, 10)]
    public void Greater_NothingToTell_IsOne(long failures, long trials, long otherFailures, long otherTrials) =>
        Proportions.Greater(failures, trials, otherFailures, otherTrials).ShouldBe(1);

    [Fact]
    public void MannWhitney_AllAbove_IsTheTailOfTheLargestU()
    {
        // U = 25, mean 12.5, variance 5·5·11/12, continuity 0.5: z = 2.507.
        MannWhitney.Greater([6, 7, 8, 9, 10], [1, 2, 3, 4, 5]).ShouldBe(0.00609, 0.00005);
    }

    [Fact]
    public void MannWhitney_NothingButTies_IsOne() => MannWhitney.Greater([1, 1, 1], [1, 1, 1]).ShouldBe(1);

    [Fact]
    public void MannWhitney_SameDistribution_IsRarelyBelowAlpha()
    {
        var random = new Random(4);
        var alarms = 0;
        for (var trial = 0; trial < 2_000; trial++)
            if (MannWhitney.Greater(Draw(random, 30), Draw(random, 60)) < CanaryComparison.Alpha)
                alarms++;
        // 20 are expected, with a standard deviation of 4.4.
        alarms.ShouldBeInRange(3, 40);
    }

    [Fact]
    public void Proportions_SameShare_AreRarelyBelowAlpha()
    {
        var random = new Random(5);
        var alarms = 0;
        for (var trial = 0; trial < 2_000; trial++)
            if (Proportions.Greater(Fail(random, 300), 300, Fail(random, 900), 900) < CanaryComparison.Alpha)
                alarms++;
        alarms.ShouldBeLessThanOrEqualTo(40);
    }

    private static double[] Draw(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => Math.Exp(random.NextDouble() * 3))];

    private static int Fail(Random random, int count) =>
        Enumerable.Range(0, count).Count(_ => random.NextDouble() < 0.05);
}
