namespace Veltrix.Broker.Protocol.Apis;

/// <summary>Members leave, and need not be waited for.</summary>
internal sealed class LeaveGroupApi(BrokerNode node) : Api(ApiKey.LeaveGroup, 0, 5, firstFlexibleVersion: 4)
{
    private readonly record struct Leaver(string MemberId, string? InstanceId, ErrorCode Error);

    public override ValueTask AnswerAsync(ApiRequest request, ProtocolWriter response, CancellationToken cancellation)
    {
        var version = request.Version;
        var reader = request.Read();
        var groupId = reader.ReadString();
        var leavers = new List<Leaver>();
        if (version <= 2)
            leavers.Add(Leave(groupId, reader.ReadString(), null));
        for (var left = version <= 2 ? 0 : reader.ReadArrayLength(); left > 0; left--)
        {
            var (memberId, instanceId) = (reader.ReadString(), reader.ReadNullableString());
            if (version >= 5)
                reader.ReadNullableString();
            reader.SkipTags();
            leavers.Add(Leave(groupId, memberId, instanceId));
        }
        if (version >= 1)
            response.WriteInt32(0);
        var refused = node.Groups.Check(groupId);
        response.WriteError(refused == ErrorCode.None && version <= 2 ? leavers[0].Error : refused);
        if (version >= 3)
        {
            response.WriteArrayLength(refused == ErrorCode.None ? leavers.Count : 0);
            foreach (var leaver in refused == ErrorCode.None ? leavers : [])
            {
                response.WriteString(leaver.MemberId);
                response.WriteNullableString(leaver.InstanceId);
                response.WriteError(leaver.Error);
                response.WriteNoTags();
            }
        }
        response.WriteNoTags();
        return ValueTask.CompletedTask;
    }

    private Leaver Leave(string groupId, string memberId, string? instanceId)
    {
        var asked = memberId;
        var error = node.Groups.Find(groupId)?.Leave(ref memberId, instanceId) ?? ErrorCode.UnknownMemberId;
        return new Leaver(asked, instanceId, error);
    }
}
