namespace Veltrix.ServiceDefaults;

/// <summary>Delays that double up to a limit, each with jitter over its upper half, so that many nodes do not come back at once.</summary>
public static class BackOff
{
    // Doubled so often, every first delay is beyond every limit.
    private const int MostDoublings = 30;

    /// <summary>How long to wait before the next attempt.</summary>
    /// <param name="failures">How many failed in a row before the last one.</param>
    /// <param name="first">Longest delay after the first failure.</param>
    /// <param name="longest">Longest delay of all.</param>
    public static TimeSpan Delay(int failures, TimeSpan first, TimeSpan longest)
    {
        var ceiling = Math.Min(longest.Ticks, first.Ticks * Math.Pow(2, Math.Min(failures, MostDoublings)));
        return TimeSpan.FromTicks((long)(ceiling * (0.5 + (0.5 * Random.Shared.NextDouble()))));
    }
}
