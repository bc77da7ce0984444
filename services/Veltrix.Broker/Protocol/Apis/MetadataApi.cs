using Veltrix.Broker.Log;
using Veltrix.Broker.Topics;

namespace Veltrix.Broker.Protocol.Apis;

/// <summary>Where topics and partitions are: here, all of them.</summary>
internal sealed class MetadataApi(BrokerNode node) : Api(ApiKey.Metadata, 0, 12, firstFlexibleVersion: 9)
{
    private static readonly Dictionary<string, string?> NoConfiguration = [];

    public override ValueTask AnswerAsync(ApiRequest request, ProtocolWriter response, CancellationToken cancellation)
    {
        var version = request.Version;
        var reader = request.Read();
        var count = reader.ReadArrayLength();
        // Everything: null, and before there was null, the empty list.
        var all = count < 0 || version == 0 && count == 0;
        var wanted = new List<(Guid Id, string? Name)>();
        for (var left = count; left > 0; left--)
        {
            var id = version >= 10 ? reader.ReadUuid() : Guid.Empty;
            wanted.Add((id, version >= 10 ? reader.ReadNullableString() : reader.ReadString()));
            reader.SkipTags();
        }
        var mayCreate = (version < 4 || reader.ReadBoolean()) && node.Options.AutoCreateTopics;

        if (version >= 3)
            response.WriteInt32(0);
        WriteBrokers(response, version);
        if (all)
        {
            var topics = node.Topics.All.OrderBy(topic => topic.Name, StringComparer.Ordinal).ToList();
            response.WriteArrayLength(topics.Count);
            foreach (var topic in topics)
                WriteTopic(response, version, ErrorCode.None, topic.Name, topic);
        }
        else
        {
            var distinct = wanted.Distinct().ToList();
            response.WriteArrayLength(distinct.Count);
            foreach (var (id, name) in distinct)
                WriteWanted(response, version, id, name, mayCreate);
        }
        if (version is >= 8 and <= 10)
            response.WriteInt32(int.MinValue);
        response.WriteNoTags();
        return ValueTask.CompletedTask;
    }

    private void WriteBrokers(ProtocolWriter response, short version)
    {
        response.WriteArrayLength(1);
        response.WriteInt32(node.NodeId);
        response.WriteString(node.Options.AdvertisedHost);
        response.WriteInt32(node.AdvertisedPort);
        if (version >= 1)
            response.WriteNullableString(null);
        response.WriteNoTags();
        if (version >= 2)
            response.WriteNullableString(node.Identity.ClusterId);
        if (version >= 1)
            response.WriteInt32(node.NodeId);
    }

    private void WriteWanted(ProtocolWriter response, short version, Guid id, string? name, bool mayCreate)
    {
        var topic = name is null ? node.Topics.Find(id) : node.Topics.Find(name);
        if (topic is not null)
        {
            WriteTopic(response, version, ErrorCode.None, topic.Name, topic);
            return;
        }
        if (name is null)
        {
            WriteTopic(response, version, ErrorCode.UnknownTopicId, null, null, id);
            return;
        }
        // As Kafka does: the answer that creates a topic does not know it yet, the next one does.
        if (mayCreate)
            node.Topics.Create(name, node.Options.DefaultPartitions, NoConfiguration, validateOnly: false);
        WriteTopic(
            response,
            version,
            TopicName.IsValid(name) ? ErrorCode.UnknownTopicOrPartition : ErrorCode.InvalidTopic,
            name,
            null
        );
    }

    private void WriteTopic(
        ProtocolWriter response,
        short version,
        ErrorCode error,
        string? name,
        Topic? topic,
        Guid id = default
    )
    {
        response.WriteError(error);
        if (version >= 12)
            response.WriteNullableString(name);
        else
            response.WriteString(name ?? "");
        if (version >= 10)
            response.WriteUuid(topic?.Id ?? id);
        if (version >= 1)
            response.WriteBoolean(false);
        var partitions = topic?.Partitions ?? [];
        response.WriteArrayLength(partitions.Length);
        for (var index = 0; index < partitions.Length; index++)
            WritePartition(response, version, index, partitions[index]);
        if (version >= 8)
            response.WriteInt32(int.MinValue);
        response.WriteNoTags();
    }

    private void WritePartition(ProtocolWriter response, short version, int index, PartitionLog partition)
    {
        response.WriteError(ErrorCode.None);
        response.WriteInt32(index);
        response.WriteInt32(node.NodeId);
        if (version >= 7)
            response.WriteInt32(partition.LeaderEpoch);
        response.WriteInt32Array(node.NodeId);
        response.WriteInt32Array(node.NodeId);
        if (version >= 5)
            response.WriteInt32Array();
        response.WriteNoTags();
    }
}
