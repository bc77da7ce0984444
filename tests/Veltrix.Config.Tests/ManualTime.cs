namespace Veltrix.Config.Tests;

/// <summary>A clock that stands still until the test moves it.</summary>
internal sealed class ManualTime : TimeProvider
{
    private long _ticks;
    private long _step;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(_ticks + _step);

    public void Advance(TimeSpan time) => _ticks += time.Ticks;

    /// <summary>Sets the wall clock forward, or back; no time passes.</summary>
    public void Step(TimeSpan by) => _step += by.Ticks;
}
