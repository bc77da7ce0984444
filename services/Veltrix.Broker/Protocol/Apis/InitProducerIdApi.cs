namespace Veltrix.Broker.Protocol.Apis;

/// <summary>A producer id for idempotent producing. Transactional ids are refused: there are no transactions here.</summary>
internal sealed class InitProducerIdApi(BrokerNode node) : Api(ApiKey.InitProducerId, 0, 5, firstFlexibleVersion: 2)
{
    public override ValueTask AnswerAsync(ApiRequest request, ProtocolWriter response, CancellationToken cancellation)
    {
        var reader = request.Read();
        var transactional = reader.ReadNullableString() is not null;
        response.WriteInt32(0);
        response.WriteError(transactional ? ErrorCode.TransactionalIdAuthorizationFailed : ErrorCode.None);
        response.WriteInt64(transactional ? -1 : node.Identity.ProducerIds.Next());
        response.WriteInt16(transactional ? (short)-1 : (short)0);
        response.WriteNoTags();
        return ValueTask.CompletedTask;
    }
}
