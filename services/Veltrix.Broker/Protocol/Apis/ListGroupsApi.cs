namespace Veltrix.Broker.Protocol.Apis;

/// <summary>All groups, filtered by state (v4) and type (v5). All of ours are of the classic type.</summary>
internal sealed class ListGroupsApi(BrokerNode node) : Api(ApiKey.ListGroups, 0, 5, firstFlexibleVersion: 3)
{
    private const string ClassicType = "classic";

    public override ValueTask AnswerAsync(ApiRequest request, ProtocolWriter response, CancellationToken cancellation)
    {
        var version = request.Version;
        var reader = request.Read();
        var states = version >= 4 ? reader.ReadStringArray() : [];
        var types = version >= 5 ? reader.ReadStringArray() : [];
        var groups = node
            .Groups.All.Where(group => states.Count == 0 || Contains(states, group.State.ToString()))
            .Where(_ => types.Count == 0 || Contains(types, ClassicType))
            .ToList();
        if (version >= 1)
            response.WriteInt32(0);
        response.WriteError(ErrorCode.None);
        response.WriteArrayLength(groups.Count);
        foreach (var group in groups)
        {
            response.WriteString(group.Id);
            response.WriteString(group.ProtocolType);
            if (version >= 4)
                response.WriteString(group.State.ToString());
            if (version >= 5)
                response.WriteString(ClassicType);
            response.WriteNoTags();
        }
        response.WriteNoTags();
        return ValueTask.CompletedTask;
    }

    private static bool Contains(List<string> names, string name) =>
        names.Contains(name, StringComparer.OrdinalIgnoreCase);
}
