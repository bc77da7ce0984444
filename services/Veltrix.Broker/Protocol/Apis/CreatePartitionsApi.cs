namespace Veltrix.Broker.Protocol.Apis;

/// <summary>Gives topics more partitions.</summary>
internal sealed class CreatePartitionsApi(BrokerNode node) : Api(ApiKey.CreatePartitions, 0, 3, firstFlexibleVersion: 2)
{
    public override ValueTask AnswerAsync(ApiRequest request, ProtocolWriter response, CancellationToken cancellation)
    {
        var reader = request.Read();
        var wanted = new List<(string Name, int Count)>();
        for (var left = reader.ReadArrayLength(); left > 0; left--)
        {
            wanted.Add((reader.ReadString(), reader.ReadInt32()));
            // Assignments: there is one node, so they can say nothing new.
            for (var assignments = reader.ReadArrayLength(); assignments > 0; assignments--)
            {
                reader.ReadInt32Array();
                reader.SkipTags();
            }
            reader.SkipTags();
        }
        reader.ReadInt32();
        var validateOnly = reader.ReadBoolean();

        response.WriteInt32(0);
        response.WriteArrayLength(wanted.Count);
        foreach (var (name, count) in wanted)
        {
            var (error, message) = node.Topics.AddPartitions(name, count, validateOnly);
            response.WriteString(name);
            response.WriteError(error);
            response.WriteNullableString(message);
            response.WriteNoTags();
        }
        response.WriteNoTags();
        return ValueTask.CompletedTask;
    }
}
