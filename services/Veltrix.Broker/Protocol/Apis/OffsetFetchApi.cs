using Veltrix.Broker.Groups;

namespace Veltrix.Broker.Protocol.Apis;

/// <summary>How far a group has come.</summary>
internal sealed class OffsetFetchApi(BrokerNode node) : Api(ApiKey.OffsetFetch, 0, 9, firstFlexibleVersion: 6)
{
    private static readonly CommittedOffset Nothing = new(-1, -1, "", 0);

    public override ValueTask AnswerAsync(ApiRequest request, ProtocolWriter response, CancellationToken cancellation)
    {
        var version = request.Version;
        var reader = request.Read();
        if (version >= 3)
            response.WriteInt32(0);
        if (version <= 7)
        {
            AnswerOne(ref reader, response, version, reader.ReadString());
            if (version >= 2)
                response.WriteError(ErrorCode.None);
        }
        else
        {
            var groups = reader.ReadArrayLength();
            response.WriteArrayLength(groups);
            for (; groups > 0; groups--)
            {
                var groupId = reader.ReadString();
                response.WriteString(groupId);
                if (version >= 9)
                {
                    reader.ReadNullableString();
                    reader.ReadInt32();
                }
                AnswerOne(ref reader, response, version, groupId);
                reader.SkipTags();
                response.WriteError(ErrorCode.None);
                response.WriteNoTags();
            }
        }
        response.WriteNoTags();
        return ValueTask.CompletedTask;
    }

    private void AnswerOne(ref ProtocolReader reader, ProtocolWriter response, short version, string groupId)
    {
        var offsets = node.Groups.Find(groupId)?.Offsets;
        var topics = reader.ReadArrayLength();
        if (topics < 0)
        {
            WriteAll(response, version, offsets ?? new Dictionary<TopicPartition, CommittedOffset>());
            return;
        }
        response.WriteArrayLength(topics);
        for (; topics > 0; topics--)
        {
            var name = reader.ReadString();
            response.WriteString(name);
            var partitions = reader.ReadInt32Array();
            reader.SkipTags();
            response.WriteArrayLength(partitions.Count);
            foreach (var index in partitions)
                Write(response, version, index, offsets?.GetValueOrDefault(new TopicPartition(name, index)) ?? Nothing);
            response.WriteNoTags();
        }
    }

    private static void WriteAll(
        ProtocolWriter response,
        short version,
        IReadOnlyDictionary<TopicPartition, CommittedOffset> offsets
    )
    {
        var topics = offsets.GroupBy(pair => pair.Key.Topic, StringComparer.Ordinal).ToList();
        response.WriteArrayLength(topics.Count);
        foreach (var topic in topics)
        {
            response.WriteString(topic.Key);
            response.WriteArrayLength(topic.Count());
            foreach (var (partition, offset) in topic)
                Write(response, version, partition.Partition, offset);
            response.WriteNoTags();
        }
    }

    private static void Write(ProtocolWriter response, short version, int index, CommittedOffset offset)
    {
        response.WriteInt32(index);
        response.WriteInt64(offset.Offset);
        if (version >= 5)
            response.WriteInt32(offset.LeaderEpoch);
        response.WriteNullableString(offset.Metadata);
        response.WriteError(ErrorCode.None);
        response.WriteNoTags();
    }
}
