using Microsoft.Extensions.Options;
using Veltrix.Config.Nodes;
using Veltrix.Config.Store;
using Veltrix.Config.Versions;
using Veltrix.ServiceDefaults;

namespace Veltrix.Config.Rollouts;

/// <summary>
/// Looks at the active rollout once a second, in every replica: each stores the reports that reached it, and the first to
/// send the tick of a revision moves the rollout. What was stored last is all that it needs to go on after a restart.
/// </summary>
internal sealed partial class RolloutDriver(
    IServiceScopeFactory scopes,
    NodeRegistry registry,
    VersionFeed feed,
    RolloutCommands commands,
    IOptions<RolloutOptions> options,
    TimeProvider time,
    ILogger<RolloutDriver> logger
) : SteadyService(time, logger)
{
    /// <summary>Looks once.</summary>
    public async Task StepAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<RolloutStore>();
        var samples = registry.TakeSamples();
        if (await store.ActiveAsync(cancellation) is not { } rollout)
            return;
        var now = await scope.ServiceProvider.GetRequiredService<IRolloutClock>().NowAsync(cancellation);
        // The registry knows by this replica's own clock when they came.
        var difference = now - time.GetUtcNow();
        await store.WriteAsync(
            [.. samples.Select(sample => sample with { At = sample.At + difference })],
            now,
            cancellation
        );
        // Only a comparison reads far back.
        var from = RolloutStateMachine.ComparesNext(rollout)
            ? Earlier(rollout.Progress.WaveStartedAt, now).AddSeconds(-2 * rollout.Progress.BakeSeconds)
            : now - FleetView.Silence;
        var tick = new TickRollout(
            rollout.CorrelationId,
            now,
            rollout.Revision,
            await store.SamplesAsync(from, cancellation)
        );
        await commands.SendAsync(tick, cancellation);
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        await feed.Prepared.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(options.Value.Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await TryStepAsync(stoppingToken);
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private async Task TryStepAsync(CancellationToken cancellation)
    {
        try
        {
            await StepAsync(cancellation);
        }
        catch (Exception exception) when (StoreFailure.Is(exception) && !cancellation.IsCancellationRequested)
        {
            Log.StoreAway(logger, exception.GetBaseException().Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The active rollout stands still: the store is away ({Cause})")]
        public static partial void StoreAway(ILogger logger, string cause);
    }
}
