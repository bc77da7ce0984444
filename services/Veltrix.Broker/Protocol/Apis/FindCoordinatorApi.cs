namespace Veltrix.Broker.Protocol.Apis;

/// <summary>Which node coordinates a group: this one. Transactions have no coordinator here.</summary>
internal sealed class FindCoordinatorApi(BrokerNode node) : Api(ApiKey.FindCoordinator, 0, 6, firstFlexibleVersion: 3)
{
    private const sbyte GroupKey = 0;

    public override ValueTask AnswerAsync(ApiRequest request, ProtocolWriter response, CancellationToken cancellation)
    {
        var version = request.Version;
        var reader = request.Read();
        var key = version <= 3 ? reader.ReadString() : "";
        var type = version >= 1 ? reader.ReadInt8() : GroupKey;
        var error = type == GroupKey ? ErrorCode.None : ErrorCode.TransactionalIdAuthorizationFailed;
        if (version >= 1)
            response.WriteInt32(0);
        if (version <= 3)
        {
            response.WriteError(Check(error, key));
            if (version >= 1)
                response.WriteNullableString(null);
            WriteNode(response, Check(error, key));
        }
        else
        {
            var keys = reader.ReadStringArray();
            response.WriteArrayLength(keys.Count);
            foreach (var each in keys)
            {
                response.WriteString(each);
                WriteNode(response, Check(error, each));
                response.WriteError(Check(error, each));
                response.WriteNullableString(null);
                response.WriteNoTags();
            }
        }
        response.WriteNoTags();
        return ValueTask.CompletedTask;
    }

    private static ErrorCode Check(ErrorCode error, string key) =>
        error == ErrorCode.None && key.Length == 0 ? ErrorCode.InvalidGroupId : error;

    private void WriteNode(ProtocolWriter response, ErrorCode error)
    {
        var good = error == ErrorCode.None;
        response.WriteInt32(good ? node.NodeId : -1);
        response.WriteString(good ? node.Options.AdvertisedHost : "");
        response.WriteInt32(good ? node.AdvertisedPort : -1);
    }
}
