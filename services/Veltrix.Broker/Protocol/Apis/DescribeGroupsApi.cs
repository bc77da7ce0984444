using Veltrix.Broker.Groups;

namespace Veltrix.Broker.Protocol.Apis;

/// <summary>State and members of groups; one that does not exist is dead.</summary>
internal sealed class DescribeGroupsApi(BrokerNode node) : Api(ApiKey.DescribeGroups, 0, 5, firstFlexibleVersion: 5)
{
    private static readonly GroupDescription Missing = new(GroupState.Dead, "", "", []);

    public override ValueTask AnswerAsync(ApiRequest request, ProtocolWriter response, CancellationToken cancellation)
    {
        var version = request.Version;
        var reader = request.Read();
        var ids = reader.ReadStringArray();
        if (version >= 1)
            response.WriteInt32(0);
        response.WriteArrayLength(ids.Count);
        foreach (var id in ids)
        {
            var group = node.Groups.Find(id)?.Describe() ?? Missing;
            response.WriteError(node.Groups.Check(id, allowsNoName: true));
            response.WriteString(id);
            response.WriteString(group.State.ToString());
            response.WriteString(group.ProtocolType);
            response.WriteString(group.Protocol);
            response.WriteArrayLength(group.Members.Count);
            foreach (var member in group.Members)
                Write(response, version, member);
            if (version >= 3)
                response.WriteInt32(int.MinValue);
            response.WriteNoTags();
        }
        response.WriteNoTags();
        return ValueTask.CompletedTask;
    }

    private static void Write(ProtocolWriter response, short version, MemberDescription member)
    {
        response.WriteString(member.Id);
        if (version >= 4)
            response.WriteNullableString(member.InstanceId);
        response.WriteString(member.ClientId);
        response.WriteString(member.ClientHost);
        response.WriteBytes(member.Metadata);
        response.WriteBytes(member.Assignment);
        response.WriteNoTags();
    }
}
