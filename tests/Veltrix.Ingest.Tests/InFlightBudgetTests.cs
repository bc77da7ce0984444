using Veltrix.Ingest.Admission;
using Veltrix.Testing;

namespace Veltrix.Ingest.Tests;

public sealed class InFlightBudgetTests
{
    private readonly ManualTime _clock = new();
    private readonly InFlightBudget _budget;

    public InFlightBudgetTests() => _budget = new InFlightBudget(_clock);

    [Fact]
    public void TryTake_UpToTheMaximum_Succeeds()
    {
        _budget.TryTake(60, 100).ShouldBeTrue();
        _budget.TryTake(41, 100).ShouldBeFalse();
        _budget.TryTake(40, 100).ShouldBeTrue();
        _budget.Return(1);

        _budget.Bytes.ShouldBe(99);
    }

    [Fact]
    public void TakeHighest_IsTheMostSinceTheLastCall()
    {
        _budget.TryTake(60, 100);
        _budget.Return(50);
        _budget.TryTake(5, 100);

        _budget.TakeHighest().ShouldBe(60);
        _budget.TakeHighest().ShouldBe(15);
    }

    [Fact]
    public void RetryAfterSeconds_IsWhatIsHeldOverTheMeasuredRate()
    {
        _budget.TryTake(10_000, 10_000).ShouldBeTrue();
        for (var second = 0; second < 10; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            _budget.Acknowledged(1_000);
        }

        _budget.RetryAfterSeconds().ShouldBe(10);
    }

    [Fact]
    public void RetryAfterSeconds_NothingAcknowledged_IsTheLongest()
    {
        _budget.TryTake(10_000, 10_000).ShouldBeTrue();
        _budget.RetryAfterSeconds().ShouldBe(1);

        _clock.Advance(TimeSpan.FromSeconds(1));

        _budget.RetryAfterSeconds().ShouldBe(30);
    }

    [Fact]
    public void RetryAfterSeconds_NothingHeld_IsOne() => _budget.RetryAfterSeconds().ShouldBe(1);

    [Fact]
    public void RetryAfterSeconds_RateFallsOff_Grows()
    {
        _budget.TryTake(10_000, 10_000).ShouldBeTrue();
        _clock.Advance(TimeSpan.FromSeconds(1));
        _budget.Acknowledged(10_000);
        _budget.RetryAfterSeconds().ShouldBe(1);

        for (var second = 0; second < 4; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            _budget.Acknowledged(0);
        }

        _budget.RetryAfterSeconds().ShouldBe(16);
    }

    [Fact]
    public void RetryAfterSeconds_IdleForLong_StillKnowsTheRate()
    {
        _budget.TryTake(10_000, 10_000).ShouldBeTrue();
        _clock.Advance(TimeSpan.FromSeconds(1));
        _budget.Acknowledged(10_000);
        _budget.Return(10_000);
        _clock.Advance(TimeSpan.FromHours(1));

        _budget.TryTake(10_000, 10_000).ShouldBeTrue();

        _budget.RetryAfterSeconds().ShouldBe(1);
    }

    [Fact]
    public void RetryAfterSeconds_LongSilence_CountsEverySecondOfIt()
    {
        _budget.TryTake(10_000, 10_000).ShouldBeTrue();
        _clock.Advance(TimeSpan.FromSeconds(1));
        _budget.Acknowledged(10_000);

        _clock.Advance(TimeSpan.FromSeconds(4));

        _budget.RetryAfterSeconds().ShouldBe(16);
    }
}
