using Veltrix.Broker.Groups;

namespace Veltrix.Broker.Protocol.Apis;

/// <summary>Stores how far a group has come. Answered when it is as durable as a produced record.</summary>
internal sealed class OffsetCommitApi(BrokerNode node) : Api(ApiKey.OffsetCommit, 0, 9, firstFlexibleVersion: 8)
{
    private sealed record Commit(string Topic, int Partition, CommittedOffset Offset)
    {
        public ErrorCode Error { get; set; }

        public Task<bool>? Stored { get; set; }
    }

    public override async ValueTask AnswerAsync(
        ApiRequest request,
        ProtocolWriter response,
        CancellationToken cancellation
    )
    {
        var topics = Apply(request);
        foreach (var commit in topics.SelectMany(topic => topic.Commits))
        {
            if (commit.Stored is { } stored && !await stored.WaitAsync(cancellation))
                commit.Error = ErrorCode.CoordinatorNotAvailable;
        }
        if (request.Version >= 3)
            response.WriteInt32(0);
        response.WriteArrayLength(topics.Count);
        foreach (var (name, commits) in topics)
        {
            response.WriteString(name);
            response.WriteArrayLength(commits.Count);
            foreach (var commit in commits)
            {
                response.WriteInt32(commit.Partition);
                response.WriteError(commit.Error);
                response.WriteNoTags();
            }
            response.WriteNoTags();
        }
        response.WriteNoTags();
    }

    private List<(string Name, List<Commit> Commits)> Apply(ApiRequest request)
    {
        var version = request.Version;
        var reader = request.Read();
        var groupId = reader.ReadString();
        var generation = version >= 1 ? reader.ReadInt32() : -1;
        var memberId = version >= 1 ? reader.ReadString() : "";
        var instanceId = version >= 7 ? reader.ReadNullableString() : null;
        if (version is >= 2 and <= 4)
            reader.ReadInt64();
        var topics = Parse(ref reader, version);
        var (refused, group) = node.Groups.CheckCommit(groupId, memberId, instanceId, generation);
        foreach (var commit in topics.SelectMany(topic => topic.Commits))
        {
            commit.Error =
                refused != ErrorCode.None ? refused
                : GroupCoordinator.IsMetadataTooLarge(commit.Offset.Metadata) ? ErrorCode.OffsetMetadataTooLarge
                : node.Topics.Partition(commit.Topic, commit.Partition) is null ? ErrorCode.UnknownTopicOrPartition
                : ErrorCode.None;
            if (commit.Error == ErrorCode.None)
                commit.Stored = node.Groups.Commit(
                    group!,
                    new TopicPartition(commit.Topic, commit.Partition),
                    commit.Offset
                );
        }
        return topics;
    }

    private List<(string Name, List<Commit> Commits)> Parse(ref ProtocolReader reader, short version)
    {
        var now = node.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var topics = new List<(string, List<Commit>)>();
        for (var left = reader.ReadArrayLength(); left > 0; left--)
        {
            var name = reader.ReadString();
            var commits = new List<Commit>();
            for (var partitions = reader.ReadArrayLength(); partitions > 0; partitions--)
            {
                var (index, offset) = (reader.ReadInt32(), reader.ReadInt64());
                var epoch = version >= 6 ? reader.ReadInt32() : -1;
                if (version == 1)
                    reader.ReadInt64();
                var metadata = reader.ReadNullableString();
                reader.SkipTags();
                commits.Add(new Commit(name, index, new CommittedOffset(offset, epoch, metadata, now)));
            }
            reader.SkipTags();
            topics.Add((name, commits));
        }
        return topics;
    }
}
