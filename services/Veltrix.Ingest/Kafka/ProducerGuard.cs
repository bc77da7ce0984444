using Confluent.Kafka;

namespace Veltrix.Ingest.Kafka;

/// <summary>
/// Ends the process when the producer cannot go on. After a fatal error of idempotence librdkafka accepts nothing more
/// from this instance; what was not acknowledged was never answered with success, so a fresh process loses nothing, and
/// whoever started this one (AppHost, Kubernetes) starts the next.
/// </summary>
internal sealed partial class ProducerGuard(IHostApplicationLifetime lifetime, ILogger<ProducerGuard> logger)
{
    /// <summary>Exit code of a node that ended itself.</summary>
    public const int FatalExitCode = 70;

    private volatile bool _isFatal;

    /// <summary>What the process should end with.</summary>
    public int ExitCode => _isFatal ? FatalExitCode : 0;

    /// <summary>Takes every error that is not a record's own.</summary>
    public void OnError(Confluent.Kafka.Error error)
    {
        if (!error.IsFatal)
        {
            Log.Trouble(logger, error.Code, error.Reason);
            return;
        }
        _isFatal = true;
        Log.Fatal(logger, error.Code, error.Reason);
        lifetime.StopApplication();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The producer reports {Code}: {Reason}")]
        public static partial void Trouble(ILogger logger, ErrorCode code, string reason);

        [LoggerMessage(
            LogLevel.Critical,
            "The producer cannot go on, {Code}: {Reason}; the process ends to be restarted"
        )]
        public static partial void Fatal(ILogger logger, ErrorCode code, string reason);
    }
}
