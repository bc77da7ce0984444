using Veltrix.Broker.Groups;
using Veltrix.Broker.Transactions;

namespace Veltrix.Broker.Protocol.Apis;

/// <summary>A producer says which partitions its transaction is going to write to: all of them are taken, or none.</summary>
internal sealed class AddPartitionsToTxnApi(BrokerNode node)
    : Api(ApiKey.AddPartitionsToTxn, 0, 3, firstFlexibleVersion: 3)
{
    private sealed record Request(TransactionalProducer Producer, List<(string Name, List<int> Partitions)> Topics);

    public override async ValueTask AnswerAsync(
        ApiRequest request,
        ProtocolWriter response,
        CancellationToken cancellation
    )
    {
        var wanted = Parse(request);
        var partitions = wanted
            .Topics.SelectMany(topic => topic.Partitions.Select(index => new TopicPartition(topic.Name, index)))
            .ToHashSet();
        var missing = partitions.Where(each => node.Topics.Partition(each.Topic, each.Partition) is null).ToHashSet();
        var error =
            missing.Count > 0
                ? ErrorCode.OperationNotAttempted
                : TransactionErrors.ForVersion(
                    await node.Transactions.AddPartitionsAsync(wanted.Producer, partitions, cancellation),
                    request.Version
                );

        response.WriteInt32(0);
        response.WriteArrayLength(wanted.Topics.Count);
        foreach (var (name, indexes) in wanted.Topics)
        {
            response.WriteString(name);
            response.WriteArrayLength(indexes.Count);
            foreach (var index in indexes)
            {
                response.WriteInt32(index);
                response.WriteError(
                    missing.Contains(new TopicPartition(name, index)) ? ErrorCode.UnknownTopicOrPartition : error
                );
                response.WriteNoTags();
            }
            response.WriteNoTags();
        }
        response.WriteNoTags();
    }

    private static Request Parse(ApiRequest request)
    {
        var reader = request.Read();
        var producer = new TransactionalProducer(reader.ReadString(), reader.ReadInt64(), reader.ReadInt16());
        var topics = new List<(string, List<int>)>();
        for (var left = reader.ReadArrayLength(); left > 0; left--)
        {
            topics.Add((reader.ReadString(), reader.ReadInt32Array()));
            reader.SkipTags();
        }
        return new Request(producer, topics);
    }
}
