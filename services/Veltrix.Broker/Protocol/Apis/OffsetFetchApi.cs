using Veltrix.Broker.Groups;

namespace Veltrix.Broker.Protocol.Apis;

/// <summary>How far groups have come.</summary>
internal sealed class OffsetFetchApi(BrokerNode node) : Api(ApiKey.OffsetFetch, 0, 9, firstFlexibleVersion: 6)
{
    private static readonly CommittedOffset Nothing = new(-1, -1, "", 0);

    /// <param name="Topics">Which partitions; null for all that have an offset.</param>
    private sealed record Wanted(string GroupId, List<(string Name, List<int> Partitions)>? Topics);

    public override ValueTask AnswerAsync(ApiRequest request, ProtocolWriter response, CancellationToken cancellation)
    {
        var version = request.Version;
        var (groups, requireStable) = Parse(request);
        if (version >= 3)
            response.WriteInt32(0);
        if (version <= 7)
        {
            WriteTopics(response, version, groups[0], requireStable);
            if (version >= 2)
                response.WriteError(node.Groups.Check(groups[0].GroupId, allowsNoName: true));
        }
        else
        {
            response.WriteArrayLength(groups.Count);
            foreach (var group in groups)
            {
                response.WriteString(group.GroupId);
                WriteTopics(response, version, group, requireStable);
                response.WriteError(node.Groups.Check(group.GroupId, allowsNoName: true));
                response.WriteNoTags();
            }
        }
        response.WriteNoTags();
        return ValueTask.CompletedTask;
    }

    private static (List<Wanted> Groups, bool RequireStable) Parse(ApiRequest request)
    {
        var version = request.Version;
        var reader = request.Read();
        var groups = new List<Wanted>();
        if (version <= 7)
        {
            groups.Add(new Wanted(reader.ReadString(), ParseTopics(ref reader)));
            return (groups, version == 7 && reader.ReadBoolean());
        }
        for (var left = reader.ReadArrayLength(); left > 0; left--)
        {
            var groupId = reader.ReadString();
            if (version >= 9)
            {
                reader.ReadNullableString();
                reader.ReadInt32();
            }
            groups.Add(new Wanted(groupId, ParseTopics(ref reader)));
            reader.SkipTags();
        }
        return (groups, reader.ReadBoolean());
    }

    private static List<(string Name, List<int> Partitions)>? ParseTopics(ref ProtocolReader reader)
    {
        var count = reader.ReadArrayLength();
        if (count < 0)
            return null;
        var topics = new List<(string, List<int>)>();
        for (; count > 0; count--)
        {
            topics.Add((reader.ReadString(), reader.ReadInt32Array()));
            reader.SkipTags();
        }
        return topics;
    }

    /// <remarks>A group that cannot be asked has no partitions; before version 2, where that could not be said, each has the error.</remarks>
    private void WriteTopics(ProtocolWriter response, short version, Wanted wanted, bool requireStable)
    {
        var refused = node.Groups.Check(wanted.GroupId, allowsNoName: true);
        var group = node.Groups.Find(wanted.GroupId);
        var offsets = group?.Offsets;
        var topics =
            refused != ErrorCode.None && version >= 2
                ? []
                : wanted.Topics
                    ?? offsets
                        ?.Keys.GroupBy(partition => partition.Topic, StringComparer.Ordinal)
                        .Select(topic => (topic.Key, topic.Select(partition => partition.Partition).ToList()))
                        .ToList()
                    ?? [];
        response.WriteArrayLength(topics.Count);
        foreach (var (name, partitions) in topics)
        {
            response.WriteString(name);
            response.WriteArrayLength(partitions.Count);
            foreach (var index in partitions)
            {
                var partition = new TopicPartition(name, index);
                // What a transaction is about to change must not be read by a consumer that would begin there (KIP-447).
                if (refused != ErrorCode.None)
                    Write(response, version, index, Nothing, refused);
                else if (requireStable && group is not null && group.IsPending(partition))
                    Write(response, version, index, Nothing, ErrorCode.UnstableOffsetCommit);
                else
                    Write(response, version, index, offsets?.GetValueOrDefault(partition) ?? Nothing, ErrorCode.None);
            }
            response.WriteNoTags();
        }
    }

    private static void Write(
        ProtocolWriter response,
        short version,
        int index,
        CommittedOffset offset,
        ErrorCode error
    )
    {
        response.WriteInt32(index);
        response.WriteInt64(offset.Offset);
        if (version >= 5)
            response.WriteInt32(offset.LeaderEpoch);
        response.WriteNullableString(offset.Metadata);
        response.WriteError(error);
        response.WriteNoTags();
    }
}
