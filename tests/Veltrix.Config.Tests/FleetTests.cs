using Veltrix.Config.Nodes;
using Veltrix.Config.Versions;
using Veltrix.Configuration;
using Veltrix.Testing;

namespace Veltrix.Config.Tests;

public sealed class FleetTests
{
    private readonly ManualTime _time = new();
    private readonly CurrentVersion _current = new();
    private readonly NodeRegistry _registry;

    public FleetTests() => _registry = TestRegistry.New(_time, _current);

    [Fact]
    public void Fleet_NodeWithAnotherHash_HasDrifted()
    {
        _current.Offer(Version(4));
        _registry.Report(Report(4, hash: "another"));

        var node = _registry.Fleet().ShouldHaveSingleItem();

        node.Condition.ShouldBe(NodeCondition.Drifted);
        node.Detail.ShouldContain("another");
    }

    [Fact]
    public void Fleet_VersionThatWasNeverPublished_HasDrifted()
    {
        _current.Offer(Version(4));
        _registry.Report(Report(5));

        Condition().ShouldBe(NodeCondition.Drifted);
    }

    [Fact]
    public void Fleet_OlderVersion_LagsOnlyAfterItsGrace()
    {
        _current.Offer(Version(4));
        _registry.Report(Report(4));
        Condition().ShouldBe(NodeCondition.Current);
        _current.Offer(Version(5));
        Condition().ShouldBe(NodeCondition.Current);

        Pass(NodeRegistry.Grace + TimeSpan.FromMilliseconds(1));
        _registry.Report(Report(4));

        Condition().ShouldBe(NodeCondition.Lagging);
        var since = _registry.Fleet()[0].Since;
        since.ShouldBe(_time.GetUtcNow());
        Pass(TimeSpan.FromSeconds(1));
        _registry.Report(Report(4));
        _registry.Fleet()[0].Since.ShouldBe(since);
        _registry.Report(Report(5));
        Condition().ShouldBe(NodeCondition.Current);
    }

    [Fact]
    public void Fleet_NodeThatRefuses_SaysWhy()
    {
        _current.Offer(Version(5));
        _registry.Report(Report(4) with { RefusedVersion = 5, Refusal = "Its hash is wrong." });

        var node = _registry.Fleet().ShouldHaveSingleItem();

        node.Condition.ShouldBe(NodeCondition.Refusing);
        node.Detail.ShouldEndWith("Its hash is wrong.");
    }

    [Fact]
    public void Fleet_NodeThatRunsItWithoutAPart_IsRefusing()
    {
        _current.Offer(Version(5));
        _registry.Report(Report(5) with { RefusedVersion = 5, Refusal = "A part failed." });

        var node = _registry.Fleet().ShouldHaveSingleItem();

        node.Condition.ShouldBe(NodeCondition.Refusing);
        node.Detail.ShouldBe("Runs version 5, but not as a whole. A part failed.");
    }

    [Fact]
    public void Fleet_NodeWithoutReports_IsSilentSinceTheLastOne_AndForgottenAfterTenMinutes()
    {
        _current.Offer(Version(4));
        _registry.Report(Report(4));
        var last = _time.GetUtcNow();

        Pass(NodeRegistry.LongestPause + TimeSpan.FromMilliseconds(1));

        var node = _registry.Fleet().ShouldHaveSingleItem();
        node.Condition.ShouldBe(NodeCondition.Silent);
        node.Since.ShouldBe(last);
        Pass(TimeSpan.FromMinutes(10));
        _registry.Fleet().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(60)]
    [InlineData(-60)]
    public void Fleet_ClockSet_NobodyIsSilentAndSilenceLastsAsLongAsItDoes(int minutes)
    {
        _current.Offer(Version(4));
        _registry.Report(Report(4));
        var start = _time.GetUtcNow();

        _time.SetClock(TimeSpan.FromMinutes(minutes));

        Condition().ShouldBe(NodeCondition.Current);
        _registry.Nodes().ShouldHaveSingleItem();
        Pass(TimeSpan.FromSeconds(10));
        var node = _registry.Fleet().ShouldHaveSingleItem();
        node.Condition.ShouldBe(NodeCondition.Silent);
        node.Detail.ShouldContain("10 s");
        _registry.Report(Report(4));
        Condition().ShouldBe(NodeCondition.Current);
        _registry.Fleet()[0].Since.ShouldBe(start + TimeSpan.FromSeconds(10));
    }

    // Else a rollout would take a node with a wrong clock for a slow one.
    [Theory]
    [InlineData(0, true)]
    [InlineData(420, false)]
    [InlineData(-420, false)]
    public void Samples_OfANodeWithAnotherClock_HaveNoLatency(int secondsOff, bool hasLatency)
    {
        var reportedAt = _time.GetUtcNow() + TimeSpan.FromSeconds(secondsOff);
        _registry.Report(Report(4) with { ReportedAt = reportedAt, LatencyP99Milliseconds = 20 });

        var sample = _registry.TakeSamples().ShouldHaveSingleItem();

        sample.LatencyP99Milliseconds.HasValue.ShouldBe(hasLatency);
        sample.At.ShouldBe(_time.GetUtcNow());
    }

    private NodeCondition Condition() => _registry.Fleet().ShouldHaveSingleItem().Condition;

    private void Pass(TimeSpan time) => _time.Advance(time);

    private static ConfigurationVersion Version(int number) =>
        new(number, number - 1, $"hash-{number}", "tests", "Test", default, PlatformConfiguration.Default);

    private static NodeReport Report(int version, string? hash = null) =>
        new("node", "processor", version, hash ?? $"hash-{version}", default, default, 0.5, 1, 0, 0, null, null, 2);
}
