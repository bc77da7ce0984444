namespace Veltrix.Broker.Protocol.Apis;

/// <summary>Which node coordinates a group or a transactional id: this one.</summary>
internal sealed class FindCoordinatorApi(BrokerNode node) : Api(ApiKey.FindCoordinator, 0, 6, firstFlexibleVersion: 3)
{
    private const sbyte GroupKey = 0;
    private const sbyte TransactionKey = 1;

    public override ValueTask AnswerAsync(ApiRequest request, ProtocolWriter response, CancellationToken cancellation)
    {
        var version = request.Version;
        var reader = request.Read();
        var key = version <= 3 ? reader.ReadString() : "";
        var type = version >= 1 ? reader.ReadInt8() : GroupKey;
        var error = type is GroupKey or TransactionKey ? ErrorCode.None : ErrorCode.InvalidRequest;
        if (type == GroupKey)
            node.Groups.IsFound = true;
        else if (type == TransactionKey)
            node.Transactions.IsFound = true;
        if (version >= 1)
            response.WriteInt32(0);
        if (version <= 3)
        {
            response.WriteError(Check(error, type, key));
            if (version >= 1)
                response.WriteNullableString(null);
            WriteNode(response, Check(error, type, key));
        }
        else
        {
            var keys = reader.ReadStringArray();
            response.WriteArrayLength(keys.Count);
            foreach (var each in keys)
            {
                response.WriteString(each);
                WriteNode(response, Check(error, type, each));
                response.WriteError(Check(error, type, each));
                response.WriteNullableString(null);
                response.WriteNoTags();
            }
        }
        response.WriteNoTags();
        return ValueTask.CompletedTask;
    }

    private static ErrorCode Check(ErrorCode error, sbyte type, string key) =>
        error == ErrorCode.None && key.Length == 0 && type == TransactionKey ? ErrorCode.InvalidRequest : error;

    private void WriteNode(ProtocolWriter response, ErrorCode error)
    {
        var good = error == ErrorCode.None;
        response.WriteInt32(good ? node.NodeId : -1);
        response.WriteString(good ? node.Options.AdvertisedHost : "");
        response.WriteInt32(good ? node.AdvertisedPort : -1);
    }
}
