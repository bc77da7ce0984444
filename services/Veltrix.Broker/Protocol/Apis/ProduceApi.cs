using Veltrix.Broker.Log;

namespace Veltrix.Broker.Protocol.Apis;

/// <summary>
/// Appends record batches. Advertised from version 0: clients on librdkafka before 2.11.1 switch compression off when
/// version 2 is missing. Versions 0 to 2 carry formats that ended with Kafka 0.10 and are refused.
/// </summary>
internal sealed class ProduceApi(BrokerNode node) : Api(ApiKey.Produce, 3, 11, firstFlexibleVersion: 9)
{
    public override short AdvertisedMinimumVersion => 0;

    public override async ValueTask AnswerAsync(
        ApiRequest request,
        ProtocolWriter response,
        CancellationToken cancellation
    )
    {
        var produce = Append(request);
        await produce.WaitAsync(cancellation);
        produce.Write(response);
    }

    /// <summary>Appends all batches of the request; their durability is still to be waited for.</summary>
    public PendingProduce Append(ApiRequest request)
    {
        var reader = request.Read();
        var transactionalId = reader.ReadNullableString();
        var acks = reader.ReadInt16();
        reader.ReadInt32();
        var pending = new PendingProduce(request.Version, acks);
        var refused = acks is < -1 or > 1 ? ErrorCode.InvalidRequiredAcks : ErrorCode.None;
        for (var topics = reader.ReadArrayLength(); topics > 0; topics--)
        {
            var name = reader.ReadString();
            var topic = node.Topics.Find(name);
            var partitions = reader.ReadArrayLength();
            pending.BeginTopic(name, partitions);
            for (; partitions > 0; partitions--)
            {
                var index = reader.ReadInt32();
                var records = reader.ReadRecords();
                reader.SkipTags();
                var slot = pending.Add(index);
                if (refused != ErrorCode.None)
                {
                    pending.SetError(slot, refused);
                    continue;
                }
                if (topic?.Partition(index) is not { } partition)
                {
                    pending.SetError(slot, ErrorCode.UnknownTopicOrPartition);
                    continue;
                }
                var batch = records is { } range ? request.Body.Span[range] : default;
                pending.Expect();
                var result = CheckProducer(transactionalId, batch) is var fenced and not ErrorCode.None
                    ? AppendResult.Unread(fenced)
                    : partition.Append(batch, pending, slot);
                pending.SetResult(slot, result, result.IsUnread ? -1 : partition.LogStartOffset);
                if (result.Error == ErrorCode.None)
                    node.Metrics.ProducedBytes.Add(batch.Length);
                else
                    pending.OnDurable(slot, result.Error);
            }
            reader.SkipTags();
        }
        pending.Begin();
        return pending;
    }

    /// <summary>Whether the producer of a transactional batch is the one of its transactional id, and no zombie.</summary>
    private ErrorCode CheckProducer(string? transactionalId, ReadOnlySpan<byte> batch)
    {
        if (batch.Length < BatchHeader.SizeBytes || !new BatchHeader(batch).IsTransactional)
            return ErrorCode.None;
        var header = new BatchHeader(batch);
        return transactionalId is null
            ? ErrorCode.TransactionalIdAuthorizationFailed
            : node.Transactions.CheckProducer(transactionalId, header.ProducerId, header.ProducerEpoch);
    }
}
