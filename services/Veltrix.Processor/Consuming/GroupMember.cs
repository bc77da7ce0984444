using Confluent.Kafka;
using Veltrix.Configuration;
using Veltrix.ServiceDefaults.Configuration;

namespace Veltrix.Processor.Consuming;

/// <summary>
/// Keeps this node a member of the consumer group of one purpose: joins again when a consumer ended for good, and when the
/// configuration has another consumer profile.
/// </summary>
internal sealed partial class GroupMember(
    IBatchHandler handler,
    IPlatformConfiguration configuration,
    ProcessorMetrics metrics,
    ProcessorQueues queues,
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
    /// <param name="settings">Of a consumer with that profile.</param>
    /// <param name="topics">What to subscribe to; asked again and again, so cheap, and followed when it changes.</param>
    /// <param name="stopping">Finishes the batch in hand and leaves.</param>
    public async Task RunAsync(
        Func<ConsumerConfiguration, ConsumerConfig> settings,
        Func<IReadOnlyList<string>> topics,
        CancellationToken stopping
    )
    {
        var handling = new PersistentHandling(
            handler,
            Current,
            metrics,
            time,
            loggers.CreateLogger<PersistentHandling>()
        );
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                _running = true;
                await ConsumeAsync(settings, topics, handling, stopping);
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

    /// <summary>Consumes with the profile in force until that changes.</summary>
    private async Task ConsumeAsync(
        Func<ConsumerConfiguration, ConsumerConfig> settings,
        Func<IReadOnlyList<string>> topics,
        PersistentHandling handling,
        CancellationToken stopping
    )
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var profile = Current().Consumer;
        void EndOnAnotherProfile(ConfigurationVersion version)
        {
            if (version.Configuration.Processor.Consumer == profile)
                return;
            Log.NewProfile(_logger, version.Number);
            try
            {
                end.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The consumer ended by itself at the same moment.
            }
        }
        configuration.Changed += EndOnAnotherProfile;
        using var queue = queues.Open();
        try
        {
            // Published between the reading above and the subscription?
            if (Current().Consumer == profile)
                await new BatchConsumer(settings(profile), topics, Limits, handling, queue, _logger).RunAsync(
                    end.Token
                );
        }
        finally
        {
            configuration.Changed -= EndOnAnotherProfile;
        }
    }

    private ProcessorConfiguration Current() => configuration.Current.Configuration.Processor;

    private BatchLimits Limits()
    {
        var limits = Current();
        return new BatchLimits(
            limits.MaximumBatchEvents,
            limits.MaximumBatchBytes,
            TimeSpan.FromMilliseconds(limits.BatchSpacingMilliseconds)
        );
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The consumer ended and is made anew")]
        public static partial void Ended(ILogger logger, Exception failure);

        [LoggerMessage(
            2,
            LogLevel.Information,
            "Version {Version} has another consumer profile: joining the group anew"
        )]
        public static partial void NewProfile(ILogger logger, int version);
    }
}
