using Xunit;

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

    /// <summary>
    /// Asks a system that may be away for a while until its answer satisfies <paramref name="condition"/>; a question that
    /// fails has no answer yet. Ends with the test.
    /// </summary>
    /// <returns>The answer that satisfies it.</returns>
    /// <exception cref="TimeoutException">None did within <paramref name="limit"/>; the message holds the last one.</exception>
    public static async Task<T> AnswersAsync<T>(Func<Task<T>> question, Func<T, bool> condition, TimeSpan limit)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var deadline = TimeSpan.FromMilliseconds(Environment.TickCount64) + limit;
        using var timer = new PeriodicTimer(Interval);
        object? last;
        do
        {
            try
            {
                var answer = await question();
                if (condition(answer))
                    return answer;
                last = answer;
            }
            catch (Exception error) when (!cancellation.IsCancellationRequested)
            {
                last = error;
            }
            await timer.WaitForNextTickAsync(cancellation);
        } while (TimeSpan.FromMilliseconds(Environment.TickCount64) <= deadline);
        throw new TimeoutException($"No such answer within {limit.TotalSeconds} s. The last one: {last}");
    }
}
