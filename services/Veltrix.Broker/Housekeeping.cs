using Veltrix.ServiceDefaults;

namespace Veltrix.Broker;

/// <summary>
/// What is done from time to time: checkpoints, retention, compaction, transactions that take too long, groups that nobody
/// uses any more. Whatever goes wrong with it, clients are served, and it is tried again.
/// </summary>
internal sealed partial class Housekeeping(BrokerNode node, ILogger<Housekeeping> logger)
    : SteadyService(node.Time, logger)
{
    private static readonly TimeSpan TransactionInterval = TimeSpan.FromSeconds(1);

    protected override Task RunAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(
            RepeatAsync(
                TimeSpan.FromMilliseconds(node.Options.CheckpointIntervalMilliseconds),
                Checkpoint,
                stoppingToken
            ),
            RepeatAsync(TransactionInterval, node.Transactions.TendAsync, stoppingToken),
            RepeatAsync(TimeSpan.FromSeconds(node.Options.RetentionCheckSeconds), ApplyRetentionAsync, stoppingToken),
            RepeatAsync(TimeSpan.FromSeconds(node.Options.CompactionCheckSeconds), CompactAsync, stoppingToken)
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
                catch (Exception error)
                    when (error is not OperationCanceledException || !stopping.IsCancellationRequested)
                {
                    Log.Failed(logger, error);
                }
            }
        }
        catch (OperationCanceledException)
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
        await node.ForgetMissingTopicsAsync();
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
