namespace Veltrix.Broker.Protocol.Apis;

/// <summary>Gives topics more partitions.</summary>
internal sealed class CreatePartitionsApi(BrokerNode node) : Api(ApiKey.CreatePartitions, 0, 3, firstFlexibleVersion: 2)
{
    private sealed record Assignments(int Count, bool AreGood);

    public override ValueTask AnswerAsync(ApiRequest request, ProtocolWriter response, CancellationToken cancellation)
    {
        var reader = request.Read();
        var wanted = new List<(string Name, int Count, Assignments? Assignments)>();
        for (var left = reader.ReadArrayLength(); left > 0; left--)
        {
            wanted.Add((reader.ReadString(), reader.ReadInt32(), ReadAssignments(ref reader)));
            reader.SkipTags();
        }
        reader.ReadInt32();
        var validateOnly = reader.ReadBoolean();

        response.WriteInt32(0);
        var byName = wanted.GroupBy(topic => topic.Name, StringComparer.Ordinal).ToList();
        response.WriteArrayLength(byName.Count);
        foreach (var topics in byName)
        {
            var (name, count, assignments) = topics.First();
            var (error, message) =
                topics.Count() > 1
                    ? (ErrorCode.InvalidRequest, "The topic is named more than once.")
                    : Grow(name, count, assignments, validateOnly);
            response.WriteString(name);
            response.WriteError(error);
            response.WriteNullableString(message);
            response.WriteNoTags();
        }
        response.WriteNoTags();
        return ValueTask.CompletedTask;
    }

    private Assignments? ReadAssignments(ref ProtocolReader reader)
    {
        var count = reader.ReadArrayLength();
        if (count < 0)
            return null;
        var good = true;
        for (var left = count; left > 0; left--)
        {
            good &= reader.ReadInt32Array() is [var id] && id == node.NodeId;
            reader.SkipTags();
        }
        return new Assignments(count, good);
    }

    private (ErrorCode Error, string? Message) Grow(string name, int count, Assignments? assignments, bool validateOnly)
    {
        var (error, message) = node.Topics.AddPartitions(name, count, validateOnly: true);
        if (error != ErrorCode.None)
            return (error, message);
        var added = count - node.Topics.Find(name)?.Partitions.Length;
        if (assignments is not null && (assignments.Count != added || !assignments.AreGood))
            return (
                ErrorCode.InvalidReplicaAssignment,
                $"{added} new partitions have the one replica {node.NodeId} each."
            );
        return node.Topics.AddPartitions(name, count, validateOnly);
    }
}
