namespace Veltrix.Testing;

/// <summary>Time as it is, by a clock that is set wrong.</summary>
/// <param name="by">How far it is ahead; negative when it is behind.</param>
/// <param name="of">The time; the system's when left out.</param>
public sealed class SkewedTime(TimeSpan by, TimeProvider? of = null) : TimeProvider
{
    private readonly TimeProvider _of = of ?? System;

    /// <inheritdoc/>
    public override long TimestampFrequency => _of.TimestampFrequency;

    /// <inheritdoc/>
    public override long GetTimestamp() => _of.GetTimestamp();

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _of.GetUtcNow() + by;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        _of.CreateTimer(callback, state, dueTime, period);
}
