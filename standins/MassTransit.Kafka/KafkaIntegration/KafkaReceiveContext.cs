using Confluent.Kafka;
using MassTransit.Serialization;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration;

/// <summary>One record on its way through an endpoint's pipe.</summary>
internal sealed class KafkaReceiveContext<TKey, TValue> : BaseReceiveContext, KafkaConsumeContext<TKey>
    where TValue : class
{
    private readonly ConsumeResult<byte[], byte[]> _result;
    private readonly IDeserializer<TKey>? _keys;

    public KafkaReceiveContext(
        ConsumeResult<byte[], byte[]> result,
        string groupId,
        ReceiveEndpointContext endpoint,
        IDeserializer<TKey>? keys,
        IDeserializer<TValue> values,
        object[] payloads
    )
        : base(false, endpoint, payloads)
    {
        _result = result;
        _keys = keys;
        GroupId = groupId;
        Body = new BytesMessageBody(result.Message.Value);
        HeaderProvider = new KafkaHeaderProvider(result.Message);
        // The context that is already there keeps the pipe from deserializing the body by its content type.
        var context = new KafkaBodyContext(this, new KafkaSerializerContext<TValue>(result, values, this));
        AddOrUpdatePayload<ConsumeContext>(() => context, _ => context);
    }

    public override MessageBody Body { get; }

    public string GroupId { get; }

    public string Topic => _result.Topic;

    public int Partition => _result.Partition;

    public long Offset => _result.Offset;

    public bool IsPartitionEof => _result.IsPartitionEOF;

    public DateTime CheckpointUtcDateTime => _result.Message.Timestamp.UtcDateTime;

    public TKey Key =>
        _keys is null
            ? throw new InvalidOperationException("The endpoint has no deserializer for keys.")
            : _keys.Deserialize(
                _result.Message.Key,
                _result.Message.Key is null,
                new SerializationContext(MessageComponentType.Key, Topic, _result.Message.Headers)
            );

    protected override IHeaderProvider HeaderProvider { get; }

    /// <summary>Faults are not published: there is nobody on the bus to hear of them.</summary>
    private sealed class KafkaBodyContext(ReceiveContext receive, SerializerContext serializer)
        : BodyConsumeContext(receive, serializer)
    {
        protected override Task GenerateFault<T>(ConsumeContext<T> context, Exception exception) => Task.CompletedTask;
    }
}
