using Confluent.Kafka;

namespace MassTransit;

/// <summary>Configures what is read from a topic.</summary>
public interface IKafkaTopicReceiveEndpointConfigurator : IReceiveEndpointConfigurator
{
    AutoOffsetReset? AutoOffsetReset { set; }

    TimeSpan CheckpointInterval { set; }

    ushort CheckpointMessageCount { set; }

    PartitionAssignmentStrategy? PartitionAssignmentStrategy { set; }
}

/// <summary>Configures what is read from a topic.</summary>
/// <typeparam name="TKey">Type of the keys.</typeparam>
/// <typeparam name="TValue">Common type of the messages; the deserializer may return types derived from it.</typeparam>
public interface IKafkaTopicReceiveEndpointConfigurator<TKey, TValue> : IKafkaTopicReceiveEndpointConfigurator
    where TValue : class
{
    void SetKeyDeserializer(IDeserializer<TKey> deserializer);

    void SetValueDeserializer(IDeserializer<TValue> deserializer);
}
