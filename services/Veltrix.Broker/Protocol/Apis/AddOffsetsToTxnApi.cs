using Veltrix.Broker.Transactions;

namespace Veltrix.Broker.Protocol.Apis;

/// <summary>A producer says that its transaction is going to commit offsets of a group.</summary>
internal sealed class AddOffsetsToTxnApi(BrokerNode node) : Api(ApiKey.AddOffsetsToTxn, 0, 3, firstFlexibleVersion: 3)
{
    public override async ValueTask AnswerAsync(
        ApiRequest request,
        ProtocolWriter response,
        CancellationToken cancellation
    )
    {
        var (producer, group) = Parse(request);
        var error =
            group.Length == 0
                ? ErrorCode.InvalidGroupId
                : await node.Transactions.AddOffsetsAsync(producer, group, cancellation);
        response.WriteInt32(0);
        response.WriteError(TransactionErrors.ForVersion(error, request.Version));
        response.WriteNoTags();
    }

    private static (TransactionalProducer Producer, string Group) Parse(ApiRequest request)
    {
        var reader = request.Read();
        return (new(reader.ReadString(), reader.ReadInt64(), reader.ReadInt16()), reader.ReadString());
    }
}
