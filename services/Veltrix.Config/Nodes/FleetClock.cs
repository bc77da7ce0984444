namespace Veltrix.Config.Nodes;

/// <summary>
/// The time that all replicas share: the database's, carried on by this machine's monotonic clock. A step of the wall
/// clock changes nothing; it counts only until the database has been asked for the first time.
/// </summary>
internal sealed class FleetClock(TimeProvider time)
{
    private volatile Anchor _anchor = new(time.GetUtcNow(), time.GetTimestamp());

    public DateTimeOffset UtcNow =>
        _anchor is var anchor ? anchor.Utc + time.GetElapsedTime(anchor.Timestamp) : default;

    /// <summary>The database said that it was <paramref name="utc"/> at that time stamp.</summary>
    public void Set(DateTimeOffset utc, long timestamp) => _anchor = new(utc, timestamp);

    private sealed record Anchor(DateTimeOffset Utc, long Timestamp);
}
