namespace Veltrix.Testing;

/// <summary>Waits for a condition instead of for a time: tests never sleep and hope.</summary>
public static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Returns when <paramref name="condition"/> holds.</summary>
    /// <param name="condition">Asked every 50 ms.</param>
    /// <param name="limit">How long to wait at most; 30 s when left out.</param>
    /// <param name="because">What was waited for, for the error message.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="TimeoutException">The condition did not hold within <paramref name="limit"/>.</exception>
    public static async Task HoldsAsync(
        Func<Task<bool>> condition,
        TimeSpan? limit = null,
        string? because = null,
        CancellationToken cancellation = default
    )
    {
        var deadline = TimeSpan.FromMilliseconds(Environment.TickCount64) + (limit ?? TimeSpan.FromSeconds(30));
        using var timer = new PeriodicTimer(Interval);
        while (!await condition())
        {
            if (TimeSpan.FromMilliseconds(Environment.TickCount64) > deadline)
                throw new TimeoutException(because ?? "The condition did not hold in time.");
            await timer.WaitForNextTickAsync(cancellation);
        }
    }

    /// <inheritdoc cref="HoldsAsync(Func{Task{bool}}, TimeSpan?, string?, CancellationToken)"/>
    public static Task HoldsAsync(
        Func<bool> condition,
        TimeSpan? limit = null,
        string? because = null,
        CancellationToken cancellation = default
    ) => HoldsAsync(() => Task.FromResult(condition()), limit, because, cancellation);
}
