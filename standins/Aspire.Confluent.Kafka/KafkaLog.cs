using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Aspire.Confluent.Kafka;

internal static partial class KafkaLog
{
    public static void Forward(ILogger logger, LogMessage message) =>
        Message(
            logger,
            (LogLevel)message.LevelAs(LogLevelType.MicrosoftExtensionsLogging),
            message.Name,
            message.Facility,
            message.Message
        );

    [LoggerMessage(Message = "{Client} {Facility}: {Text}")]
    private static partial void Message(ILogger logger, LogLevel level, string client, string facility, string text);

    [LoggerMessage(LogLevel.Debug, "The application has a log handler of its own for this Kafka client.")]
    public static partial void HandlerTaken(ILogger logger);
}
