using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Veltrix.ServiceDefaults;

/// <summary>
/// Background work that no fault ends. The host would stop the whole process for one part of it that threw; but a node
/// that reports no more still serves, and one bad row must not stop every replica that reads it. So what was not foreseen
/// is logged as an error, and the work begins anew after a pause.
/// </summary>
/// <param name="time">The clock of the pauses.</param>
/// <param name="logger">Is told of every fault.</param>
public abstract partial class SteadyService(TimeProvider time, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>Work that went well for so long was well: the next fault is a first one.</summary>
    private static readonly TimeSpan GoodRun = TimeSpan.FromMinutes(1);

    /// <summary>The work, from its beginning to its end. It is begun anew when it throws, so it cleans up behind itself.</summary>
    /// <param name="stoppingToken">Cancelled when the process stops; to throw for that is no fault.</param>
    protected abstract Task RunAsync(CancellationToken stoppingToken);

    /// <inheritdoc/>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever it is, it must not end the process.")]
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var failures = 0; !stoppingToken.IsCancellationRequested; failures++)
        {
            var begunAt = time.GetTimestamp();
            try
            {
                await RunAsync(stoppingToken);
                return;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                if (time.GetElapsedTime(begunAt) >= GoodRun)
                    failures = 0;
                var pause = BackOff.Delay(failures, FirstPause, LongestPause);
                Log.Failed(logger, fault, GetType().Name, pause.TotalMilliseconds);
                await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Several works that belong together: when one ends or fails, the others are ended, too.</summary>
    /// <param name="works">Each gets what ends it.</param>
    /// <param name="stoppingToken">Ends them all.</param>
    protected static async Task RunAllAsync(
        IReadOnlyList<Func<CancellationToken, Task>> works,
        CancellationToken stoppingToken
    )
    {
        ArgumentNullException.ThrowIfNull(works);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        Task[] running = [.. works.Select(work => work(end.Token))];
        var first = await Task.WhenAny(running);
        await end.CancelAsync();
        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "{Service} failed unexpectedly; it begins anew in {PauseMilliseconds:0} ms")]
        public static partial void Failed(ILogger logger, Exception fault, string service, double pauseMilliseconds);
    }
}
