namespace Veltrix.Broker;

/// <summary>What is done from time to time: checkpoints, retention, groups that nobody uses any more.</summary>
internal sealed partial class Housekeeping(BrokerNode node, ILogger<Housekeeping> logger) : BackgroundService
{
    private static readonly TimeSpan CheckpointInterval = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var retentionInterval = TimeSpan.FromSeconds(node.Options.RetentionCheckSeconds);
        var nextRetention = node.Time.GetUtcNow() + retentionInterval;
        using var timer = new PeriodicTimer(
            CheckpointInterval < retentionInterval ? CheckpointInterval : retentionInterval,
            node.Time
        );
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    node.Checkpoint();
                    if (node.Time.GetUtcNow() < nextRetention)
                        continue;
                    nextRetention = node.Time.GetUtcNow() + retentionInterval;
                    node.ApplyRetention();
                    await node.Groups.RemoveExpiredAsync();
                }
                catch (IOException error)
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

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Housekeeping failed; it is tried again")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
