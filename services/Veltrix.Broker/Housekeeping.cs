using Veltrix.ServiceDefaults;

namespace Veltrix.Broker;

/// <summary>What is done from time to time: checkpoints, retention, compaction, groups that nobody uses any more.</summary>
internal sealed partial class Housekeeping(BrokerNode node, ILogger<Housekeeping> logger)
    : SteadyService(node.Time, logger)
{
    private static readonly TimeSpan CheckpointInterval = TimeSpan.FromSeconds(5);

    protected override Task RunAsync(CancellationToken stoppingToken) =>
        RunAllAsync(
            [
                token => RepeatAsync(CheckpointInterval, Checkpoint, token),
                token =>
                    RepeatAsync(TimeSpan.FromSeconds(node.Options.RetentionCheckSeconds), ApplyRetentionAsync, token),
                token => RepeatAsync(TimeSpan.FromSeconds(node.Options.CompactionCheckSeconds), CompactAsync, token),
            ],
            stoppingToken
        );

    private async Task RepeatAsync(TimeSpan interval, Func<CancellationToken, Task> work, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(interval, node.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                try
                {
                    await work(stopping);
                }
                catch (IOException error)
                {
                    Log.Failed(logger, error);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The broker stops.
        }
    }

    private Task Checkpoint(CancellationToken stopping)
    {
        node.Checkpoint();
        return Task.CompletedTask;
    }

    private async Task ApplyRetentionAsync(CancellationToken stopping)
    {
        node.ApplyRetention();
        await node.Groups.RemoveExpiredAsync();
    }

    /// <summary>On a thread of its own: it reads and writes whole logs.</summary>
    private Task CompactAsync(CancellationToken stopping) =>
        Task.Factory.StartNew(
            () => node.Compact(stopping),
            stopping,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Housekeeping failed; it is tried again")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
