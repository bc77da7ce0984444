namespace Veltrix.Broker.Protocol.Apis;

/// <summary>A member says that it is alive, and hears of rebalances.</summary>
internal sealed class HeartbeatApi(BrokerNode node) : Api(ApiKey.Heartbeat, 0, 4, firstFlexibleVersion: 4)
{
    public override ValueTask AnswerAsync(ApiRequest request, ProtocolWriter response, CancellationToken cancellation)
    {
        var reader = request.Read();
        var groupId = reader.ReadString();
        var generation = reader.ReadInt32();
        var memberId = reader.ReadString();
        var instanceId = request.Version >= 3 ? reader.ReadNullableString() : null;
        if (request.Version >= 1)
            response.WriteInt32(0);
        response.WriteError(Beat(groupId, memberId, instanceId, generation));
        response.WriteNoTags();
        return ValueTask.CompletedTask;
    }

    private ErrorCode Beat(string groupId, string memberId, string? instanceId, int generation)
    {
        var refused = node.Groups.Check(groupId);
        if (refused != ErrorCode.None)
            return refused;
        return node.Groups.Find(groupId)?.Heartbeat(memberId, instanceId, generation) ?? ErrorCode.UnknownMemberId;
    }
}
