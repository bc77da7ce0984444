namespace Veltrix.Broker.Protocol.Apis;

/// <summary>Removes groups without members, and their offsets.</summary>
internal sealed class DeleteGroupsApi(BrokerNode node) : Api(ApiKey.DeleteGroups, 0, 2, firstFlexibleVersion: 2)
{
    public override async ValueTask AnswerAsync(
        ApiRequest request,
        ProtocolWriter response,
        CancellationToken cancellation
    )
    {
        var ids = request.Read().ReadStringArray();
        response.WriteInt32(0);
        response.WriteArrayLength(ids.Count);
        foreach (var id in ids)
        {
            response.WriteString(id);
            response.WriteError(await node.Groups.DeleteAsync(id));
            response.WriteNoTags();
        }
        response.WriteNoTags();
    }
}
