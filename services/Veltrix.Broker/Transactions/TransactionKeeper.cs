using Veltrix.ServiceDefaults;

namespace Veltrix.Broker.Transactions;

/// <summary>Looks after transactions from time to time.</summary>
internal sealed partial class TransactionKeeper(BrokerNode node, ILogger<TransactionKeeper> logger)
    : SteadyService(node.Time, logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, node.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await node.Transactions.TendAsync(stoppingToken);
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
        [LoggerMessage(LogLevel.Error, "Looking after transactions failed; it is tried again")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
