using Veltrix.Admin.Live;
using Veltrix.Admin.Tests.Fakes;
using Veltrix.Configuration;
using Veltrix.Testing;

namespace Veltrix.Admin.Tests.Live;

public sealed class FleetTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly ManualTime _time = new();
    private readonly Fleet _fleet;

    public FleetTests() => _fleet = new Fleet(_time);

    [Fact]
    public void View_BeforeAnyReport_IsEmpty()
    {
        _fleet.View.Nodes.ShouldBeEmpty();
        _fleet.View.Services.ShouldBeEmpty();
    }

    [Fact]
    public void Take_TwoNodesOfAService_AddsRatesAndShowsTheSlowestLatency()
    {
        _fleet.Take([
            Report("ingest-a", eventsPerSecond: 100, p99: 10),
            Report("ingest-b", eventsPerSecond: 50, p99: 40),
        ]);

        var service = _fleet.View.Services.ShouldHaveSingleItem();
        service.EventsPerSecond.ShouldBe(150);
        service.LatencyP99Milliseconds.ShouldBe(40);
        service.Nodes.ShouldBe(2);
        service.Workers.ShouldBeNull();
    }

    [Fact]
    public void Take_Processors_AddsTheirWorkers()
    {
        _fleet.Take([Report("processor-a"), Report("processor-b")]);

        _fleet.View.Services.Single().Workers.ShouldBe(4);
    }

    [Fact]
    public void Take_TheSameReportForFiveSeconds_NamesTheNodeSilentAndStopsCountingIt()
    {
        var last = Report("ingest-a", eventsPerSecond: 100);
        _fleet.Take([last, Report("ingest-b", eventsPerSecond: 50)]);

        _time.Advance(Fleet.SilentAfter);
        _fleet.Take([last, Report("ingest-b", eventsPerSecond: 50)]);

        _fleet.View.Nodes.Single(node => node.IsSilent).Report.Node.ShouldBe("ingest-a");
        var service = _fleet.View.Services.Single();
        service.EventsPerSecond.ShouldBe(50);
        service.Silent.ShouldBe(1);
    }

    [Fact]
    public void Take_ANodeWhoseClockIsWrong_IsNotSilentWhileItReports()
    {
        for (var second = 0; second < 20; second++)
        {
            _fleet.Take([FakeNodes.Report("ingest-a", _time.GetUtcNow().AddHours(-3))]);
            _time.Advance(Second);
        }

        _fleet.View.Nodes.Single().IsSilent.ShouldBeFalse();
    }

    [Fact]
    public void Take_ANodeThatIsListedNoMore_StaysNamedForTheWindow()
    {
        _fleet.Take([Report("ingest-a")]);

        _time.Advance(Fleet.Window);
        _fleet.Take([]);
        _fleet.View.Nodes.Single().IsSilent.ShouldBeTrue();

        _time.Advance(Second);
        _fleet.Take([]);
        _fleet.View.Nodes.ShouldBeEmpty();
        _fleet.View.Services.ShouldBeEmpty();
    }

    [Fact]
    public void Miss_LeavesAGapInTheHistoryAndAccusesNobody()
    {
        _fleet.Take([Report("ingest-a", eventsPerSecond: 100)]);

        _time.Advance(TimeSpan.FromMinutes(1));
        _fleet.Miss();

        var service = _fleet.View.Services.Single();
        service.History.Select(point => point.EventsPerSecond).ShouldBe([100, null]);
        service.Silent.ShouldBe(0);
    }

    [Fact]
    public void Take_ForAnHour_KeepsFiveMinutesOfHistory()
    {
        for (var second = 0; second < 3_600; second++)
        {
            _fleet.Take([Report("ingest-a", eventsPerSecond: second)]);
            _time.Advance(Second);
        }

        var history = _fleet.View.Services.Single().History;
        history.Count.ShouldBe(Fleet.MaximumPoints);
        history[^1].EventsPerSecond.ShouldBe(3_599);
    }

    [Fact]
    public void Take_MoreNodesThanTheLimit_KeepsTheLimit()
    {
        _fleet.Take([.. Enumerable.Range(0, Fleet.MaximumNodes + 100).Select(number => Report($"ingest-{number}"))]);

        _fleet.View.Nodes.Count.ShouldBe(Fleet.MaximumNodes);
    }

    [Fact]
    public void Take_AHigherVersion_MarksTheMomentOnce()
    {
        _fleet.Take([Report("ingest-a", version: 3), Report("ingest-b", version: 3)]);
        _time.Advance(Second);
        _fleet.Take([Report("ingest-a", version: 4), Report("ingest-b", version: 3)]);
        _time.Advance(Second);
        _fleet.Take([Report("ingest-a", version: 4), Report("ingest-b", version: 4)]);

        var mark = _fleet.View.Marks.ShouldHaveSingleItem();
        mark.Version.ShouldBe(4);
        mark.At.ShouldBe((_time.GetUtcNow() - Second).UtcDateTime);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(4, false)]
    public void IsBehind_ANodesVersion_IsOlderThanTheCurrent(int? version, bool expected)
    {
        var report = Report("ingest-a") with { Version = version, Hash = FakePlatform.HashOf(version ?? 0) };

        new NodeState(report, _time.GetUtcNow(), IsSilent: false).IsBehind(Current(3)).ShouldBe(expected);
    }

    [Fact]
    public void IsBehind_AnotherDocumentUnderTheSameNumber_IsBehind() =>
        new NodeState(Report("ingest-a", version: 3) with { Hash = "other" }, _time.GetUtcNow(), IsSilent: false)
            .IsBehind(Current(3))
            .ShouldBeTrue();

    private ConfigurationVersion Current(int number) =>
        new(number, null, FakePlatform.HashOf(number), "a", "b", _time.GetUtcNow(), PlatformConfiguration.Default);

    private NodeReport Report(string node, double eventsPerSecond = 100, double? p99 = 20, int version = 1) =>
        FakeNodes.Report(node, _time.GetUtcNow(), eventsPerSecond, p99, version);
}
