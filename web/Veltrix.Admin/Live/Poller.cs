using Veltrix.Admin.Clients;

namespace Veltrix.Admin.Live;

/// <summary>Reads one thing again and again for everyone who looks at it: one request per interval, however many browsers.</summary>
/// <param name="read">Asks the service; never throws but for cancellation.</param>
/// <param name="interval">Pause between two reads.</param>
/// <param name="always">Reads also while nobody looks, for a history without gaps.</param>
/// <param name="time">The clock.</param>
internal sealed class Poller<T>(
    Func<CancellationToken, Task<Answer<T>>> read,
    TimeSpan interval,
    bool always,
    TimeProvider time
)
    where T : class
{
    private volatile Reading<T> _latest = Reading<T>.None;

    /// <summary>Raised after every attempt, on the poller's thread; handlers must not block.</summary>
    public event Action? Changed;

    public Reading<T> Latest => _latest;

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(interval, time);
        do
        {
            if (always || Changed is not null)
                await ReadAsync(cancellation);
        } while (await timer.WaitForNextTickAsync(cancellation));
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        var answer = await read(cancellation);
        _latest = answer.IsSuccess
            ? new Reading<T>(answer.Value, time.GetUtcNow(), null)
            : _latest with
            {
                Problem = answer.Problem,
            };
        Changed?.Invoke();
    }
}
