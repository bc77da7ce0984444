using Veltrix.Configuration.Rollouts;

namespace Veltrix.Configuration.Tests.Rollouts;

public sealed class CanaryComparisonTests
{
    private static readonly NodeSample Second = new("node", "processor", default, 1, null, null, 1_000, 2, 20);

    [Fact]
    public void Compare_SameDistribution_IsRarelyWorse()
    {
        var random = new Random(1);

        var alarms = Enumerable.Range(0, 300).Count(_ => IsWorse(Noisy(random, Second, 10), Noisy(random, Second, 30)));

        alarms.ShouldBeLessThanOrEqualTo(3);
    }

    [Theory]
    [InlineData(1_000, 100, 20)]
    [InlineData(1_000, 2, 60)]
    [InlineData(200, 2, 20)]
    [InlineData(0, 400, 20)]
    public void Compare_ClearDifference_IsAlwaysWorse(double events, double errors, double latency)
    {
        var random = new Random(2);
        var bad = Second with { Events = events, Errors = errors, LatencyP99Milliseconds = latency };

        for (var trial = 0; trial < 100; trial++)
            IsWorse(Noisy(random, bad, 10), Noisy(random, Second, 30)).ShouldBeTrue();
    }

    [Fact]
    public void Compare_DifferenceBeyondChanceButTooSmallToMatter_IsNotWorse()
    {
        var slightly = Second with { Errors = 5, LatencyP99Milliseconds = 20.5 };

        var evidence = CanaryComparison.Compare(1, "processor", Repeat(slightly, 60), Repeat(Second, 60), []);

        evidence.ShouldContain(entry => entry.Probability < CanaryComparison.Alpha);
        evidence.ShouldAllBe(entry => !entry.IsWorse);
    }

    [Fact]
    public void Compare_Better_IsNotWorse()
    {
        var better = Second with { Events = 5_000, Errors = 0, LatencyP99Milliseconds = 2 };

        IsWorse(Repeat(better, 20), Repeat(Second, 20)).ShouldBeFalse();
    }

    [Fact]
    public void Compare_WithoutControl_TakesItsOwnSecondsBefore()
    {
        var evidence = CanaryComparison.Compare(
            1,
            "processor",
            Repeat(Second with { Errors = 90 }, 9),
            [],
            Repeat(Second, 9)
        );

        evidence[0].Text.ShouldContain("the same nodes before it");
        evidence.Count(entry => entry.IsWorse).ShouldBe(1);
    }

    [Fact]
    public void Compare_TooFewSamples_SaysSo()
    {
        var entry = CanaryComparison
            .Compare(1, "processor", Repeat(Second, 4), Repeat(Second, 9), [])
            .ShouldHaveSingleItem();

        entry.Text.ShouldBe("processor: too few samples to compare: 4 with the candidate, 9 without.");
        entry.IsWorse.ShouldBeFalse();
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1.5, true)]
    [InlineData(2, false)]
    public void Compare_NearlyNothingHandled_SaysSo(double eventsPerSecond, bool isIdle)
    {
        var idle = Second with { Events = eventsPerSecond, Errors = 0 };

        var evidence = CanaryComparison.Compare(1, "processor", Repeat(idle, 60), Repeat(Second, 60), []);

        evidence.Any(entry => entry.IsIdle).ShouldBe(isIdle);
        if (eventsPerSecond == 0)
            evidence
                .Single(entry => entry.IsIdle)
                .Text.ShouldBe("processor: 0 events in 60 seconds are too few to judge by; at least 100 are needed.");
    }

    // Failing is something to do, too.
    [Fact]
    public void Compare_NothingButErrors_IsNotIdle() =>
        CanaryComparison
            .Compare(1, "processor", Repeat(Second with { Events = 0, Errors = 10 }, 60), Repeat(Second, 60), [])
            .ShouldNotContain(entry => entry.IsIdle);

    private static bool IsWorse(IReadOnlyList<NodeSample> canary, IReadOnlyList<NodeSample> control) =>
        CanaryComparison.Compare(1, "processor", canary, control, []).Any(entry => entry.IsWorse);

    private static NodeSample[] Repeat(NodeSample sample, int count) => [.. Enumerable.Repeat(sample, count)];

    private static NodeSample[] Noisy(Random random, NodeSample sample, int count) =>
        [
            .. Repeat(sample, count)
                .Select(second =>
                    second with
                    {
                        Events = Math.Round(second.Events * Factor(random)),
                        Errors = Math.Round(second.Errors * Factor(random)),
                        LatencyP99Milliseconds = second.LatencyP99Milliseconds * Factor(random),
                    }
                ),
        ];

    private static double Factor(Random random) => 0.7 + 0.6 * random.NextDouble();
}
