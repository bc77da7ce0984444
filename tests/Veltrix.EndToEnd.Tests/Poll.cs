namespace Veltrix.EndToEnd.Tests;

/// <summary>Waits for a condition of a running system, with a limit; never a sleep for its own sake.</summary>
internal static class Poll
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks until the answer satisfies <paramref name="condition"/>; failures of the question count as "not yet".</summary>
    /// <exception cref="TimeoutException">It did not within <paramref name="limit"/>; the message holds the last answer.</exception>
    public static async Task<T> UntilAsync<T>(Func<Task<T>> question, Func<T, bool> condition, TimeSpan limit)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var end =
            TimeProvider.System.GetTimestamp() + (long)(limit.TotalSeconds * TimeProvider.System.TimestampFrequency);
        object? last = null;
        while (TimeProvider.System.GetTimestamp() < end)
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
            await Task.Delay(Interval, cancellation);
        }
        throw new TimeoutException($"The condition did not hold within {limit.TotalSeconds} s. Last answer: {last}");
    }

    /// <summary>Waits until <paramref name="condition"/> holds.</summary>
    public static Task UntilAsync(Func<bool> condition, TimeSpan limit) =>
        UntilAsync(() => Task.FromResult(condition()), holds => holds, limit);
}
