using System.Diagnostics.CodeAnalysis;
using Confluent.Kafka;
using MassTransit.Serialization;

namespace MassTransit.KafkaIntegration;

/// <summary>Deserializes the value once, when the pipe first asks; messages are matched by their run-time type.</summary>
internal sealed class KafkaSerializerContext<TValue>(
    ConsumeResult<byte[], byte[]> result,
    IDeserializer<TValue> values,
    ReceiveContext receive
)
    : BaseSerializerContext(
        SystemTextJsonMessageSerializer.Instance,
        new KafkaMessageContext(result, receive),
        MessageTypeCache<TValue>.MessageTypeNames
    )
    where TValue : class
{
    private TValue? _message;

    private TValue Message =>
        _message ??= values.Deserialize(
            result.Message.Value,
            result.Message.Value is null,
            new SerializationContext(MessageComponentType.Value, result.Topic, result.Message.Headers)
        );

    public override bool IsSupportedMessageType<T>() => IsSupportedMessageType(typeof(T));

    public override bool IsSupportedMessageType(Type messageType) => messageType.IsAssignableFrom(typeof(TValue));

    public override bool TryGetMessage<T>([NotNullWhen(true)] out T? message)
        where T : class
    {
        message = Message as T;
        return message is not null;
    }

    public override bool TryGetMessage(Type messageType, [NotNullWhen(true)] out object? message)
    {
        message = messageType.IsInstanceOfType(Message) ? Message : null;
        return message is not null;
    }

    public override IMessageSerializer GetMessageSerializer() => throw new NotSupportedException();

    public override IMessageSerializer GetMessageSerializer<T>(MessageEnvelope envelope, T message) =>
        throw new NotSupportedException();

    public override IMessageSerializer GetMessageSerializer(object message, string[] messageTypes) =>
        throw new NotSupportedException();

    public override Dictionary<string, object> ToDictionary<T>(T? message)
        where T : class => throw new NotSupportedException();
}
