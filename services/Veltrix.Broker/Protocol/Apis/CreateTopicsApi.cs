using Veltrix.Broker.Topics;

namespace Veltrix.Broker.Protocol.Apis;

/// <summary>Creates topics. One node means one replica.</summary>
internal sealed class CreateTopicsApi(BrokerNode node) : Api(ApiKey.CreateTopics, 0, 7, firstFlexibleVersion: 5)
{
    private const sbyte DynamicTopicConfiguration = 1;
    private const sbyte DefaultConfiguration = 5;

    private sealed record Wanted(
        string Name,
        int Partitions,
        short ReplicationFactor,
        int Assignments,
        bool AssignmentsAreGood,
        Dictionary<string, string?> Configuration
    );

    public override ValueTask AnswerAsync(ApiRequest request, ProtocolWriter response, CancellationToken cancellation)
    {
        var version = request.Version;
        var reader = request.Read();
        var wanted = new List<Wanted>();
        for (var left = reader.ReadArrayLength(); left > 0; left--)
            wanted.Add(Parse(ref reader));
        reader.ReadInt32();
        var validateOnly = version >= 1 && reader.ReadBoolean();

        if (version >= 2)
            response.WriteInt32(0);
        var byName = wanted.GroupBy(topic => topic.Name, StringComparer.Ordinal).ToList();
        response.WriteArrayLength(byName.Count);
        foreach (var topics in byName)
        {
            var (error, message) =
                topics.Count() > 1
                    ? (ErrorCode.InvalidRequest, "The topic is named more than once.")
                    : Create(topics.First(), validateOnly);
            Write(response, version, topics.First(), error, message);
        }
        response.WriteNoTags();
        return ValueTask.CompletedTask;
    }

    private Wanted Parse(ref ProtocolReader reader)
    {
        var (name, partitions, replicationFactor) = (reader.ReadString(), reader.ReadInt32(), reader.ReadInt16());
        var assignments = reader.ReadArrayLength();
        var indexes = new HashSet<int>();
        var good = true;
        for (var left = assignments; left > 0; left--)
        {
            indexes.Add(reader.ReadInt32());
            good &= reader.ReadInt32Array() is [var id] && id == node.NodeId;
            reader.SkipTags();
        }
        good &= indexes.Count == Math.Max(0, assignments) && indexes.All(index => index >= 0 && index < assignments);
        var configuration = new Dictionary<string, string?>(StringComparer.Ordinal);
        for (var left = reader.ReadArrayLength(); left > 0; left--)
        {
            configuration[reader.ReadString()] = reader.ReadNullableString();
            reader.SkipTags();
        }
        reader.SkipTags();
        return new Wanted(name, partitions, replicationFactor, Math.Max(0, assignments), good, configuration);
    }

    private (ErrorCode Error, string? Message) Create(Wanted wanted, bool validateOnly)
    {
        if (wanted.Configuration.FirstOrDefault(setting => setting.Value is null).Key is { } empty)
            return (ErrorCode.InvalidConfig, $"{empty} has no value.");
        if (wanted.Assignments > 0)
        {
            if (wanted.Partitions != -1 || wanted.ReplicationFactor != -1)
                return (ErrorCode.InvalidRequest, "Give replica assignments or numbers, not both.");
            if (!wanted.AssignmentsAreGood)
                return (ErrorCode.InvalidReplicaAssignment, $"Every partition has the one replica {node.NodeId}.");
        }
        else if (wanted.ReplicationFactor is not (-1 or 1))
        {
            return (
                ErrorCode.InvalidReplicationFactor,
                $"The replication factor is {wanted.ReplicationFactor}, but there is 1 broker."
            );
        }
        return node.Topics.Create(wanted.Name, PartitionsOf(wanted), wanted.Configuration, validateOnly);
    }

    private int PartitionsOf(Wanted wanted) =>
        wanted.Assignments > 0 ? wanted.Assignments
        : wanted.Partitions == -1 ? node.Options.DefaultPartitions
        : wanted.Partitions;

    private void Write(ProtocolWriter response, short version, Wanted wanted, ErrorCode error, string? message)
    {
        response.WriteString(wanted.Name);
        if (version >= 7)
            response.WriteUuid(
                node.Topics.Find(wanted.Name)?.Id is { } id && error == ErrorCode.None ? id : Guid.Empty
            );
        response.WriteError(error);
        if (version >= 1)
            response.WriteNullableString(message);
        if (version >= 5)
        {
            var good = error == ErrorCode.None;
            response.WriteInt32(good ? PartitionsOf(wanted) : -1);
            response.WriteInt16(good ? (short)1 : (short)-1);
            WriteConfiguration(response, good ? wanted.Configuration : null);
        }
        response.WriteNoTags();
    }

    private void WriteConfiguration(ProtocolWriter response, Dictionary<string, string?>? set)
    {
        IReadOnlyList<TopicConfiguration.Setting> settings = set is null ? [] : node.Topics.Configuration.Settings;
        response.WriteArrayLength(set is null ? -1 : settings.Count);
        foreach (var setting in settings)
        {
            var own = set!.GetValueOrDefault(setting.Name);
            response.WriteString(setting.Name);
            response.WriteNullableString(own ?? setting.Default);
            response.WriteBoolean(false);
            response.WriteInt8(own is null ? DefaultConfiguration : DynamicTopicConfiguration);
            response.WriteBoolean(false);
            response.WriteNoTags();
        }
    }
}
