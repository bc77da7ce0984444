namespace Veltrix.ServiceDefaults.Tests;

/// <summary>The system's clock, but the timer for <paramref name="held"/> goes off when the test says so.</summary>
internal sealed class HeldTimer(TimeSpan held) : TimeProvider
{
    private readonly TaskCompletionSource<ManualTimer> _armed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when somebody waits for that long.</summary>
    public Task Armed => _armed.Task;

    public async Task FireAsync() => (await _armed.Task).Fire();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != held)
            return base.CreateTimer(callback, state, dueTime, period);
        var timer = new ManualTimer(callback, state);
        _armed.TrySetResult(timer);
        return timer;
    }

    private sealed class ManualTimer(TimerCallback callback, object? state) : ITimer
    {
        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() { }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
