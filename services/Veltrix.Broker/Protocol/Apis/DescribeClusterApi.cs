namespace Veltrix.Broker.Protocol.Apis;

/// <summary>The cluster: one broker, which is its own controller.</summary>
internal sealed class DescribeClusterApi(BrokerNode node) : Api(ApiKey.DescribeCluster, 0, 1, firstFlexibleVersion: 0)
{
    private const sbyte Brokers = 1;

    public override ValueTask AnswerAsync(ApiRequest request, ProtocolWriter response, CancellationToken cancellation)
    {
        response.WriteInt32(0);
        response.WriteError(ErrorCode.None);
        response.WriteNullableString(null);
        if (request.Version >= 1)
            response.WriteInt8(Brokers);
        response.WriteString(node.Identity.ClusterId);
        response.WriteInt32(node.NodeId);
        response.WriteArrayLength(1);
        response.WriteInt32(node.NodeId);
        response.WriteString(node.Options.AdvertisedHost);
        response.WriteInt32(node.AdvertisedPort);
        response.WriteNullableString(null);
        response.WriteNoTags();
        response.WriteInt32(int.MinValue);
        response.WriteNoTags();
        return ValueTask.CompletedTask;
    }
}
