namespace Veltrix.Broker.Protocol.Apis;

/// <summary>Removes topics with their records and the offsets that groups committed for them.</summary>
internal sealed class DeleteTopicsApi(BrokerNode node) : Api(ApiKey.DeleteTopics, 0, 6, firstFlexibleVersion: 4)
{
    public override async ValueTask AnswerAsync(
        ApiRequest request,
        ProtocolWriter response,
        CancellationToken cancellation
    )
    {
        var version = request.Version;
        var wanted = Parse(request);
        if (version >= 1)
            response.WriteInt32(0);
        var groups = wanted.GroupBy(topic => topic).ToList();
        response.WriteArrayLength(groups.Count);
        foreach (var same in groups)
        {
            var (name, id) = same.Key;
            var isClear = (name is null) != (id == Guid.Empty) && same.Count() == 1;
            await DeleteAsync(response, version, name, id, isClear);
        }
        response.WriteNoTags();
    }

    private static List<(string? Name, Guid Id)> Parse(ApiRequest request)
    {
        var version = request.Version;
        var reader = request.Read();
        var wanted = new List<(string? Name, Guid Id)>();
        for (var left = reader.ReadArrayLength(); left > 0; left--)
        {
            if (version >= 6)
            {
                wanted.Add((reader.ReadNullableString(), reader.ReadUuid()));
                reader.SkipTags();
            }
            else
            {
                wanted.Add((reader.ReadString(), Guid.Empty));
            }
        }
        return wanted;
    }

    private async Task DeleteAsync(ProtocolWriter response, short version, string? name, Guid id, bool isClear)
    {
        var topic =
            !isClear ? null
            : name is not null ? node.Topics.Find(name)
            : node.Topics.Find(id);
        var error =
            !isClear ? ErrorCode.InvalidRequest
            : topic is not null ? node.Topics.Delete(topic)
            : name is null ? ErrorCode.UnknownTopicId
            : ErrorCode.UnknownTopicOrPartition;
        // What the disk refuses is forgotten later (Housekeeping), or at the next start.
        if (topic is not null && error == ErrorCode.None)
            await node.Groups.ForgetTopicAsync(topic.Name);
        if (version >= 6)
        {
            response.WriteNullableString(topic?.Name ?? name);
            response.WriteUuid(topic?.Id ?? id);
        }
        else
        {
            response.WriteString(name!);
        }
        response.WriteError(error);
        if (version >= 5)
            response.WriteNullableString(null);
        response.WriteNoTags();
    }
}
