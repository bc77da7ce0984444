using Confluent.Kafka;
using Veltrix.Events;

namespace Veltrix.Ingest.Kafka;

/// <summary>What an error of the producer means to a client.</summary>
internal static class KafkaFaults
{
    public static EventFault Of(Confluent.Kafka.Error error, string topic) =>
        error.Code switch
        {
            // Sending it again would not help.
            ErrorCode.MsgSizeTooLarge or ErrorCode.RecordListTooLarge => new EventFault(
                ErrorCatalogue.EventTooLarge,
                $"Kafka takes no record of this size in topic '{topic}'."
            ),
            ErrorCode.Local_QueueFull => new EventFault(ErrorCatalogue.Overloaded, "The producer's queue is full."),
            _ => new EventFault(ErrorCatalogue.BrokerUnavailable, $"Topic '{topic}': {error.Reason} ({error.Code})."),
        };

    public static bool IsMissingTopic(Confluent.Kafka.Error error) =>
        error.Code is ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition;
}
