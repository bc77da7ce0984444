using Veltrix.Broker.Groups;

namespace Veltrix.Broker.Protocol.Apis;

/// <summary>A member asks for its assignment; the leader brings everybody's.</summary>
internal sealed class SyncGroupApi(BrokerNode node) : Api(ApiKey.SyncGroup, 0, 5, firstFlexibleVersion: 4)
{
    public override async ValueTask AnswerAsync(
        ApiRequest request,
        ProtocolWriter response,
        CancellationToken cancellation
    )
    {
        var result = await node.Groups.SyncAsync(Parse(request)).WaitAsync(cancellation);
        if (request.Version >= 1)
            response.WriteInt32(0);
        response.WriteError(result.Error);
        if (request.Version >= 5)
        {
            response.WriteNullableString(result.ProtocolType);
            response.WriteNullableString(result.Protocol);
        }
        response.WriteBytes(result.Assignment);
        response.WriteNoTags();
    }

    private static SyncRequest Parse(ApiRequest request)
    {
        var version = request.Version;
        var reader = request.Read();
        var groupId = reader.ReadString();
        var generation = reader.ReadInt32();
        var memberId = reader.ReadString();
        var instanceId = version >= 3 ? reader.ReadNullableString() : null;
        var protocolType = version >= 5 ? reader.ReadNullableString() : null;
        var protocol = version >= 5 ? reader.ReadNullableString() : null;
        var assignments = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        for (var left = reader.ReadArrayLength(); left > 0; left--)
        {
            assignments[reader.ReadString()] = reader.ReadBytes().ToArray();
            reader.SkipTags();
        }
        return new SyncRequest(groupId, generation, memberId, instanceId, protocolType, protocol, assignments);
    }
}
