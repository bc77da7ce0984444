using Veltrix.Broker.Groups;

namespace Veltrix.Broker.Protocol.Apis;

/// <summary>A consumer joins its group; the answer comes when the whole group has gathered.</summary>
internal sealed class JoinGroupApi(BrokerNode node) : Api(ApiKey.JoinGroup, 0, 9, firstFlexibleVersion: 6)
{
    public override async ValueTask AnswerAsync(
        ApiRequest request,
        ProtocolWriter response,
        CancellationToken cancellation
    )
    {
        var result = await node.Groups.JoinAsync(Parse(request)).WaitAsync(cancellation);
        Write(response, request.Version, result);
    }

    private static JoinRequest Parse(ApiRequest request)
    {
        var version = request.Version;
        var reader = request.Read();
        var groupId = reader.ReadString();
        var sessionTimeout = TimeSpan.FromMilliseconds(reader.ReadInt32());
        var rebalanceTimeout = version >= 1 ? TimeSpan.FromMilliseconds(reader.ReadInt32()) : sessionTimeout;
        var memberId = reader.ReadString();
        var instanceId = version >= 5 ? reader.ReadNullableString() : null;
        var protocolType = reader.ReadString();
        var protocols = new List<MemberProtocol>();
        for (var left = reader.ReadArrayLength(); left > 0; left--)
        {
            protocols.Add(new MemberProtocol(reader.ReadString(), reader.ReadBytes().ToArray()));
            reader.SkipTags();
        }
        return new JoinRequest(
            groupId,
            memberId,
            instanceId,
            request.ClientId ?? "",
            request.ClientHost,
            sessionTimeout,
            rebalanceTimeout,
            protocolType,
            protocols,
            MayRequireMemberId: version >= 4,
            SupportsSkipAssignment: version >= 9
        );
    }

    private static void Write(ProtocolWriter response, short version, JoinResult result)
    {
        if (version >= 2)
            response.WriteInt32(0);
        response.WriteError(result.Error);
        response.WriteInt32(result.Generation);
        if (version >= 7)
            response.WriteNullableString(result.ProtocolType);
        response.WriteNullableString(version >= 7 ? result.Protocol : result.Protocol ?? "");
        response.WriteString(result.LeaderId);
        if (version >= 9)
            response.WriteBoolean(result.SkipAssignment);
        response.WriteString(result.MemberId);
        var members = result.Members ?? [];
        response.WriteArrayLength(members.Count);
        foreach (var member in members)
        {
            response.WriteString(member.Id);
            if (version >= 5)
                response.WriteNullableString(member.InstanceId);
            response.WriteBytes(member.Metadata);
            response.WriteNoTags();
        }
        response.WriteNoTags();
    }
}
