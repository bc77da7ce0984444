using System.Threading.Channels;

namespace Veltrix.ServiceDefaults.Tests;

/// <summary>The system's clock, but the timers for <paramref name="held"/> go off when the test says so.</summary>
internal sealed class HeldTimer(TimeSpan held) : TimeProvider
{
    private readonly Channel<ManualTimer> _armed = Channel.CreateBounded<ManualTimer>(
        new BoundedChannelOptions(100) { FullMode = BoundedChannelFullMode.DropOldest }
    );

    /// <summary>Ends when somebody waits for that long.</summary>
    public Task Armed => _armed.Reader.WaitToReadAsync().AsTask();

    /// <summary>Lets the first of them go off that was not taken yet.</summary>
    public async Task FireAsync() => (await _armed.Reader.ReadAsync(TestContext.Current.CancellationToken)).Fire();

    /// <summary>Lets the first of them that was not taken yet never go off.</summary>
    public async Task SkipAsync() => await _armed.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != held)
            return base.CreateTimer(callback, state, dueTime, period);
        var timer = new ManualTimer(callback, state);
        _armed.Writer.TryWrite(timer);
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
