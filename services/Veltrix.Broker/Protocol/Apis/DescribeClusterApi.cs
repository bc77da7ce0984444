namespace Veltrix.Broker.Protocol.Apis;

/// <summary>The cluster: one broker, which is its own controller.</summary>
internal sealed class DescribeClusterApi(BrokerNode node) : Api(ApiKey.DescribeCluster, 0, 1, firstFlexibleVersion: 0)
{
    private const sbyte Brokers = 1;
    private const sbyte Controllers = 2;

    public override ValueTask AnswerAsync(ApiRequest request, ProtocolWriter response, CancellationToken cancellation)
    {
        var reader = request.Read();
        reader.ReadBoolean();
        var endpoints = request.Version >= 1 ? reader.ReadInt8() : Brokers;
        var error = endpoints switch
        {
            Brokers => ErrorCode.None,
            Controllers => ErrorCode.MismatchedEndpointType,
            _ => ErrorCode.UnsupportedEndpointType,
        };
        response.WriteInt32(0);
        response.WriteError(error);
        response.WriteNullableString(error == ErrorCode.None ? null : "Brokers are all that this listener describes.");
        if (request.Version >= 1)
            response.WriteInt8(Brokers);
        WriteBrokers(response, error == ErrorCode.None);
        response.WriteInt32(int.MinValue);
        response.WriteNoTags();
        return ValueTask.CompletedTask;
    }

    private void WriteBrokers(ProtocolWriter response, bool known)
    {
        response.WriteString(known ? node.Identity.ClusterId : "");
        response.WriteInt32(known ? node.NodeId : -1);
        response.WriteArrayLength(known ? 1 : 0);
        if (!known)
            return;
        response.WriteInt32(node.NodeId);
        response.WriteString(node.Options.AdvertisedHost);
        response.WriteInt32(node.AdvertisedPort);
        response.WriteNullableString(null);
        response.WriteNoTags();
    }
}
