namespace MassTransit;

/// <summary>Where a message came from; a payload of its context.</summary>
public interface KafkaConsumeContext
{
    string GroupId { get; }

    string Topic { get; }

    int Partition { get; }

    long Offset { get; }

    bool IsPartitionEof { get; }

    DateTime CheckpointUtcDateTime { get; }
}

/// <summary>Where a message came from, with its key.</summary>
public interface KafkaConsumeContext<out TKey> : KafkaConsumeContext
{
    TKey Key { get; }
}
