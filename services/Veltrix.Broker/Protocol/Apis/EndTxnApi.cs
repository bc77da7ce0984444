using Veltrix.Broker.Transactions;

namespace Veltrix.Broker.Protocol.Apis;

/// <summary>A producer commits or aborts its transaction.</summary>
internal sealed class EndTxnApi(BrokerNode node) : Api(ApiKey.EndTxn, 0, 3, firstFlexibleVersion: 3)
{
    public override async ValueTask AnswerAsync(
        ApiRequest request,
        ProtocolWriter response,
        CancellationToken cancellation
    )
    {
        var (producer, commit) = Parse(request);
        var error = await node.Transactions.EndAsync(producer, commit, cancellation);
        response.WriteInt32(0);
        response.WriteError(TransactionErrors.ForVersion(error, request.Version));
        response.WriteNoTags();
    }

    private static (TransactionalProducer Producer, bool Commit) Parse(ApiRequest request)
    {
        var reader = request.Read();
        return (new(reader.ReadString(), reader.ReadInt64(), reader.ReadInt16()), reader.ReadBoolean());
    }
}
