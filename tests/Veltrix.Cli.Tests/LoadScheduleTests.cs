using Veltrix.Cli.Load;

namespace Veltrix.Cli.Tests;

public sealed class LoadScheduleTests
{
    [Fact]
    public void Schedule_BatchesThatDivideEvenly_AreSpreadOverTheDuration()
    {
        var schedule = new LoadSchedule(20_000, TimeSpan.FromSeconds(10), 100);

        schedule.Events.ShouldBe(200_000);
        schedule.Batches.ShouldBe(2_000);
        schedule.DueAfter(0).ShouldBe(TimeSpan.Zero);
        schedule.DueAfter(1).ShouldBe(TimeSpan.FromMilliseconds(5));
        schedule.DueAfter(1_999).ShouldBe(TimeSpan.FromMilliseconds(9_995));
    }

    [Fact]
    public void Schedule_LastBatch_HasWhatIsLeft()
    {
        var schedule = new LoadSchedule(105, TimeSpan.FromSeconds(1), 10);

        schedule.Batches.ShouldBe(11);
        schedule.EventsOf(0).ShouldBe(10);
        schedule.EventsOf(10).ShouldBe(5);
        schedule.FirstEventOf(10).ShouldBe(100);
        Enumerable.Range(0, 11).Sum(batch => schedule.EventsOf(batch)).ShouldBe(105);
        schedule.BatchOf(99).ShouldBe(9);
        schedule.BatchOf(104).ShouldBe(10);
    }

    [Fact]
    public void Schedule_LessThanOneEvent_SendsOne() =>
        new LoadSchedule(0.1, TimeSpan.FromSeconds(1), 100).Events.ShouldBe(1);

    [Fact]
    public void Schedule_LongAndFast_StaysExact()
    {
        var schedule = new LoadSchedule(30_000, TimeSpan.FromHours(1), 1);

        schedule.DueAfter(schedule.Batches - 1).ShouldBe(TimeSpan.FromHours(1) - TimeSpan.FromTicks(333), Tolerance);
    }

    private static readonly TimeSpan Tolerance = TimeSpan.FromTicks(2);
}
