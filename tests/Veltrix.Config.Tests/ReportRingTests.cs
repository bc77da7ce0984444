using Veltrix.Config.Nodes;

namespace Veltrix.Config.Tests;

public sealed class ReportRingTests
{
    private readonly ReportRing _ring = new();

    [Fact]
    public void Add_MoreThanTheCount_KeepsTheNewest()
    {
        for (var second = 0; second < 2 * ReportRing.MaximumReports; second++)
            Add(second, bytes: 10);

        var kept = _ring.Newest(DateTimeOffset.MaxValue, int.MaxValue);

        kept.Count.ShouldBe(ReportRing.MaximumReports);
        kept[0].ReceivedAt.ShouldBe(At(2 * ReportRing.MaximumReports - 1));
        kept[^1].ReceivedAt.ShouldBe(At(ReportRing.MaximumReports));
        _ring.Bytes.ShouldBe(10 * ReportRing.MaximumReports);
    }

    [Theory]
    [InlineData(1, ReportRing.MaximumBytes)]
    [InlineData(256, ReportRing.MaximumBytes)]
    [InlineData(2_000, (int)(ReportRing.MaximumTotalBytes / 2_000))]
    public void Add_LargeReports_StaysWithinTheShareOfTheMemory(int nodes, int most)
    {
        for (var second = 0; second < ReportRing.MaximumReports; second++)
        {
            Add(second, bytes: 10_000, nodes);
            _ring.Bytes.ShouldBeLessThanOrEqualTo(most);
        }

        _ring.Bytes.ShouldBeGreaterThan(most - 10_000);
    }

    [Fact]
    public void Trim_ManyMoreNodes_LetsTheOldestGo_ButNeverTheLast()
    {
        for (var second = 0; second < 20; second++)
            Add(second, bytes: 10_000);

        _ring.Trim(NodeRegistry.MaximumNodes);
        var some = _ring.Newest(DateTimeOffset.MaxValue, 20);
        _ring.Trim(int.MaxValue);

        some.Select(report => report.ReceivedAt).ShouldBe([At(19), At(18), At(17)]);
        _ring.Newest(DateTimeOffset.MaxValue, 20).ShouldHaveSingleItem().ReceivedAt.ShouldBe(At(19));
    }

    [Fact]
    public void Newest_BeforeAMoment_PagesBackwards()
    {
        for (var second = 0; second < 5; second++)
            Add(second, bytes: 10);

        _ring.Newest(At(3), 2).Select(report => report.ReceivedAt).ShouldBe([At(2), At(1)]);
    }

    private void Add(int second, int bytes, int nodes = 1) => _ring.Add(new(At(second), new byte[bytes]), nodes);

    private static DateTimeOffset At(int second) => DateTimeOffset.UnixEpoch.AddSeconds(second);
}
