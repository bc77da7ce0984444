using Confluent.Kafka;
using Veltrix.ServiceDefaults.Configuration;

namespace Veltrix.Processor.Consuming;

/// <summary>Keeps this node a member of the consumer group of one purpose: joins again when a consumer ended for good.</summary>
internal sealed partial class GroupMember(
    IBatchHandler handler,
    IPlatformConfiguration configuration,
    TimeProvider time,
    ILoggerFactory loggers
)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = loggers.CreateLogger($"Veltrix.Processor.{handler.Purpose}");
    private volatile bool _running;

    /// <summary>Whether a consumer runs now.</summary>
    public bool IsRunning => _running;

    /// <summary>Consumes until <paramref name="stopping"/>.</summary>
    /// <param name="settings">Of the consumer.</param>
    /// <param name="topics">What to subscribe to; asked again and again, so cheap, and followed when it changes.</param>
    /// <param name="stopping">Finishes the batch in hand and leaves.</param>
    public async Task RunAsync(ConsumerConfig settings, Func<IReadOnlyList<string>> topics, CancellationToken stopping)
    {
        var handling = new PersistentHandling(handler, time, loggers.CreateLogger<PersistentHandling>());
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                _running = true;
                await new BatchConsumer(settings, topics, Limits, handling, _logger).RunAsync(stopping);
            }
            catch (Exception failure)
            {
                _running = false;
                Log.Ended(_logger, failure);
                await Task.Delay(Pause, time, stopping);
            }
        }
        _running = false;
    }

    private BatchLimits Limits()
    {
        var limits = configuration.Current.Configuration.Processor;
        return new BatchLimits(limits.MaximumBatchEvents, limits.MaximumBatchBytes);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The consumer ended and is made anew")]
        public static partial void Ended(ILogger logger, Exception failure);
    }
}
