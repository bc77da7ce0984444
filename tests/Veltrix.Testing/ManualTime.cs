namespace Veltrix.Testing;

/// <summary>Time that stands still until a test moves it.</summary>
/// <param name="start">What the clock shows at first; 2026-01-01 when left out.</param>
/// <param name="holdsTimers">
/// Whether timers wait for this time, too, and go off while it moves, in their order. Else they are the system's, for
/// services in which only the clock matters.
/// </param>
public sealed class ManualTime(DateTimeOffset? start = null, bool holdsTimers = false) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _clock = start ?? new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private TimeSpan _passed;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override long GetTimestamp()
    {
        lock (_gate)
            return _passed.Ticks;
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return _clock + _passed;
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (!holdsTimers)
            return base.CreateTimer(callback, state, dueTime, period);
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Time passes.</summary>
    public void Advance(TimeSpan time)
    {
        var target = TimeSpan.FromTicks(GetTimestamp()) + time;
        while (TakeDue(target) is { } due)
            due.Callback();
        lock (_gate)
            _passed = target;
    }

    /// <summary>Somebody sets the clock, forward or back. No time passes by it.</summary>
    public void SetClock(TimeSpan by)
    {
        lock (_gate)
            _clock += by;
    }

    private ManualTimer? TakeDue(TimeSpan target)
    {
        lock (_gate)
        {
            var next = _timers.MinBy(timer => timer.Due);
            if (next is null || next.Due > target)
                return null;
            _passed = next.Due > _passed ? next.Due : _passed;
            if (next.Period > TimeSpan.Zero)
                next.Due += next.Period;
            else
                _timers.Remove(next);
            return next;
        }
    }

    private sealed class ManualTimer(ManualTime time, Action callback) : ITimer
    {
        public TimeSpan Due { get; set; }

        public TimeSpan Period { get; private set; }

        public Action Callback => callback;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                time._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                (Due, Period) = (time._passed + dueTime, period);
                time._timers.Add(this);
                return true;
            }
        }

        public void Dispose()
        {
            lock (time._gate)
                time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
