using Confluent.Kafka;
using MassTransit.Metadata;

namespace MassTransit.KafkaIntegration;

/// <summary>Ids and times of a message: those that MassTransit's own producers put into the headers, where there are any.</summary>
internal sealed class KafkaMessageContext(ConsumeResult<byte[], byte[]> result, ReceiveContext receive) : MessageContext
{
    public Guid? MessageId => Id(nameof(MessageId));

    public Guid? RequestId => null;

    public Guid? CorrelationId => Id(nameof(CorrelationId));

    public Guid? ConversationId => Id(nameof(ConversationId));

    public Guid? InitiatorId => Id(nameof(InitiatorId));

    public DateTime? ExpirationTime => null;

    public Uri? SourceAddress => null;

    public Uri? DestinationAddress => receive.InputAddress;

    public Uri? ResponseAddress => null;

    public Uri? FaultAddress => null;

    public DateTime? SentTime => result.Message.Timestamp.UtcDateTime;

    public Headers Headers => receive.TransportHeaders;

    public HostInfo Host => HostMetadataCache.Host;

    private Guid? Id(string name) => Headers.Get<Guid>(name);
}
