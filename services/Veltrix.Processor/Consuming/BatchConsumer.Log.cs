using Confluent.Kafka;

namespace Veltrix.Processor.Consuming;

internal sealed partial class BatchConsumer
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Subscribed to {Topics}")]
        public static partial void Subscribed(ILogger logger, string topics);

        [LoggerMessage(2, LogLevel.Information, "Assigned {Partitions}")]
        public static partial void Assigned(ILogger logger, string partitions);

        [LoggerMessage(3, LogLevel.Information, "Partitions {How}: {Partitions}")]
        public static partial void TakenAway(ILogger logger, string how, string partitions);

        [LoggerMessage(4, LogLevel.Warning, "Paused: a full batch waits for the one in hand")]
        public static partial void Paused(ILogger logger);

        [LoggerMessage(5, LogLevel.Information, "Resumed")]
        public static partial void Resumed(ILogger logger);

        [LoggerMessage(6, LogLevel.Warning, "Consuming failed for now ({Code}): {Reason}")]
        public static partial void ConsumeFailed(ILogger logger, ErrorCode code, string reason);

        [LoggerMessage(7, LogLevel.Warning, "Kafka client ({Code}): {Reason}")]
        public static partial void Error(ILogger logger, ErrorCode code, string reason);

        [LoggerMessage(8, LogLevel.Debug, "{Facility}: {Message}")]
        public static partial void Library(ILogger logger, string facility, string message);

        [LoggerMessage(9, LogLevel.Warning, "The consumer did not leave its group in time; its session will expire")]
        public static partial void NotClosed(ILogger logger);
    }
}
