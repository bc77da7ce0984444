namespace Veltrix.Ingest.Admission;

/// <summary>
/// The bytes that this node holds between a request and Kafka's acknowledgement. They have a limit, so that a slow or
/// absent broker turns into answers to clients and never into memory.
/// </summary>
internal sealed class InFlightBudget(TimeProvider clock)
{
    private const int LongestRetrySeconds = 30;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private long _bytes;
    private long _highest;
    private long _lastTimestamp = clock.GetTimestamp();
    private TimeSpan _windowBusy;
    private long _windowBytes;
    private double? _bytesPerSecond;

    /// <summary>Bytes held now.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
                return _bytes;
        }
    }

    /// <summary>Takes <paramref name="bytes"/> unless more than <paramref name="maximum"/> would be held.</summary>
    public bool TryTake(long bytes, long maximum)
    {
        lock (_gate)
        {
            Advance();
            if (_bytes + bytes > maximum)
                return false;
            _bytes += bytes;
            _highest = Math.Max(_highest, _bytes);
            return true;
        }
    }

    /// <summary>The most that was held since the last call.</summary>
    public long TakeHighest()
    {
        lock (_gate)
        {
            var highest = _highest;
            _highest = _bytes;
            return highest;
        }
    }

    /// <summary>Gives bytes back.</summary>
    public void Return(long bytes)
    {
        lock (_gate)
        {
            Advance();
            _bytes -= bytes;
        }
    }

    /// <summary>Counts bytes that Kafka acknowledged; their rate is how fast the node drains.</summary>
    public void Acknowledged(long bytes)
    {
        lock (_gate)
        {
            _windowBytes += bytes;
            Advance();
        }
    }

    /// <summary>
    /// Whole seconds until what is held now will have drained at the measured rate, 1 to 30. While nothing is
    /// acknowledged the rate halves every second, so that the answers of an outage spread out.
    /// </summary>
    public int RetryAfterSeconds()
    {
        lock (_gate)
        {
            Advance();
            if (_bytesPerSecond is not { } rate)
                return 1;
            return (int)Math.Clamp(Math.Ceiling(_bytes / Math.Max(rate, 1)), 1, LongestRetrySeconds);
        }
    }

    /// <summary>
    /// Only time in which something was held counts: an idle node is not a slow one. What was measured a window ago
    /// weighs half as much as what is measured now.
    /// </summary>
    private void Advance()
    {
        var now = clock.GetTimestamp();
        if (_bytes > 0)
            _windowBusy += clock.GetElapsedTime(_lastTimestamp, now);
        _lastTimestamp = now;
        if (_windowBusy < Window)
            return;
        var rate = _windowBytes / _windowBusy.TotalSeconds;
        var memory = Math.Pow(2, -(_windowBusy / Window));
        _bytesPerSecond = _bytesPerSecond is { } before ? (before * memory) + (rate * (1 - memory)) : rate;
        _windowBusy = TimeSpan.Zero;
        _windowBytes = 0;
    }
}
