namespace Veltrix.Cli;

/// <summary>
/// Unix time in microseconds that never goes back: read from the wall once, then counted by the monotonic clock, so that a
/// correction of the wall clock in mid-run does not become a latency.
/// </summary>
internal sealed class WallClock(TimeProvider time)
{
    private readonly DateTimeOffset _start = time.GetUtcNow();
    private readonly long _timestamp = time.GetTimestamp();

    public DateTimeOffset Now => _start + time.GetElapsedTime(_timestamp);

    public static long Microseconds(DateTimeOffset moment) =>
        (moment.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;
}
