using Microsoft.Extensions.Options;
using Veltrix.Config.Store;
using Veltrix.Config.Versions;
using Veltrix.ServiceDefaults;

namespace Veltrix.Config.Nodes;

/// <summary>Writes minutes to the store when they are over, also the one under way when the service stops, and deletes old ones.</summary>
internal sealed partial class MinuteWriter(
    IServiceScopeFactory scopes,
    NodeRegistry registry,
    MinuteQueue minutes,
    FleetClock clock,
    VersionFeed feed,
    IOptions<FleetOptions> options,
    TimeProvider time,
    ILogger<MinuteWriter> logger
) : SteadyService(time, logger)
{
    private const int WrittenAtOnce = 500;

    // What one round deletes at most: more than the largest fleet writes in a minute, and done within seconds.
    private const int MostDeletions = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TidyInterval = TimeSpan.FromMinutes(1);

    private long _tidiedAt = time.GetTimestamp();
    private bool _isAway;

    /// <summary>Writes what is over.</summary>
    public Task WriteAsync(CancellationToken cancellation)
    {
        var now = clock.UtcNow;
        return WriteAsync(new(now.Ticks - (now.Ticks % TimeSpan.TicksPerMinute), TimeSpan.Zero), cancellation);
    }

    /// <summary>Deletes what is too old or too much.</summary>
    public async Task TidyAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<MinuteStore>();
        var (kept, maximum) = (options.Value.HistoryKept, options.Value.MaximumMinutes);
        for (var deletion = 0; deletion < MostDeletions; deletion++)
            if (await store.TidyAsync(kept, maximum, cancellation) < MinuteStore.DeletedAtOnce)
                return;
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        try
        {
            await feed.Prepared.WaitAsync(stoppingToken);
            using var timer = new PeriodicTimer(options.Value.WriteInterval, time);
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryStepAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await WriteLastAsync();
        }
    }

    /// <summary>The service stops: the minute under way is written as far as it came.</summary>
    private async Task WriteLastAsync()
    {
        if (!feed.Prepared.IsCompletedSuccessfully)
            return;
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await WriteAsync(DateTimeOffset.MaxValue, limit.Token);
        }
        catch (Exception exception) when (StoreFailure.Is(exception) || exception is OperationCanceledException)
        {
            Log.StoreAway(logger, exception.GetBaseException().Message);
        }
    }

    private async Task WriteAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        registry.EndMinutes(before);
        await using var scope = scopes.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<MinuteStore>();
        while (minutes.Take(WrittenAtOnce) is { Count: > 0 } ended)
        {
            var isWritten = false;
            try
            {
                await store.WriteAsync(ended, cancellation);
                isWritten = true;
            }
            finally
            {
                if (!isWritten)
                    foreach (var minute in ended)
                        minutes.Add(minute);
            }
        }
    }

    private async Task TryStepAsync(CancellationToken cancellation)
    {
        try
        {
            await WriteAsync(cancellation);
            _isAway = false;
            if (time.GetElapsedTime(_tidiedAt) < TidyInterval)
                return;
            _tidiedAt = time.GetTimestamp();
            await TidyAsync(cancellation);
        }
        catch (Exception exception) when (StoreFailure.Is(exception) && !cancellation.IsCancellationRequested)
        {
            if (!_isAway)
                Log.StoreAway(logger, exception.GetBaseException().Message);
            _isAway = true;
        }
        if (minutes.TakeLost() is > 0 and var lost)
            Log.Lost(logger, lost);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The store is away ({Cause}): the history of the nodes waits in memory")]
        public static partial void StoreAway(ILogger logger, string cause);

        [LoggerMessage(2, LogLevel.Warning, "{Count} minutes of nodes are lost: the store was away for too long")]
        public static partial void Lost(ILogger logger, long count);
    }
}
