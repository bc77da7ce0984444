using Veltrix.Broker.Groups;

namespace Veltrix.Broker.Protocol.Apis;

/// <summary>Forgets committed offsets of a group without members.</summary>
internal sealed class OffsetDeleteApi(BrokerNode node) : Api(ApiKey.OffsetDelete, 0, 0, NeverFlexible)
{
    public override async ValueTask AnswerAsync(
        ApiRequest request,
        ProtocolWriter response,
        CancellationToken cancellation
    )
    {
        var (groupId, topics) = Parse(request);
        var refused = node.Groups.Check(groupId);
        var group = refused == ErrorCode.None ? node.Groups.Find(groupId) : null;
        response.WriteError(
            refused != ErrorCode.None ? refused
            : group is null ? ErrorCode.GroupIdNotFound
            : ErrorCode.None
        );
        response.WriteInt32(0);
        response.WriteArrayLength(group is null ? 0 : topics.Count);
        if (group is null)
            return;
        foreach (var (name, partitions) in topics)
        {
            response.WriteString(name);
            response.WriteArrayLength(partitions.Count);
            foreach (var index in partitions)
            {
                response.WriteInt32(index);
                response.WriteError(
                    node.Topics.Partition(name, index) is null
                        ? ErrorCode.UnknownTopicOrPartition
                        : await node.Groups.DeleteOffsetAsync(group, new TopicPartition(name, index))
                );
            }
        }
    }

    private static (string GroupId, List<(string Name, List<int> Partitions)> Topics) Parse(ApiRequest request)
    {
        var reader = request.Read();
        var groupId = reader.ReadString();
        var topics = new List<(string, List<int>)>();
        for (var left = reader.ReadArrayLength(); left > 0; left--)
            topics.Add((reader.ReadString(), reader.ReadInt32Array()));
        return (groupId, topics);
    }
}
