using Veltrix.Broker.Groups;

namespace Veltrix.Broker.Protocol.Apis;

/// <summary>The offsets of a commit, in a transaction or without one, and what became of each.</summary>
internal sealed class OffsetCommits
{
    private readonly List<(string Name, List<Commit> Commits)> _topics = [];

    private sealed record Commit(TopicPartition Partition, CommittedOffset Offset)
    {
        public ErrorCode Error { get; set; }

        public Task<bool>? Stored { get; set; }
    }

    /// <summary>Reads one offset from its index on, up to its tags.</summary>
    public delegate (int Index, CommittedOffset Offset) ReadOffset(ref ProtocolReader reader);

    public static OffsetCommits Parse(ref ProtocolReader reader, ReadOffset read)
    {
        var commits = new OffsetCommits();
        for (var left = reader.ReadArrayLength(); left > 0; left--)
        {
            var name = reader.ReadString();
            var partitions = new List<Commit>();
            for (var count = reader.ReadArrayLength(); count > 0; count--)
            {
                var (index, offset) = read(ref reader);
                reader.SkipTags();
                partitions.Add(new Commit(new TopicPartition(name, index), offset));
            }
            reader.SkipTags();
            commits._topics.Add((name, partitions));
        }
        return commits;
    }

    /// <summary>None of them may be committed.</summary>
    public void Refuse(ErrorCode error)
    {
        foreach (var commit in _topics.SelectMany(topic => topic.Commits))
            commit.Error = error;
    }

    /// <summary>Commits those that can be, and waits until they are durable.</summary>
    public async Task StoreAsync(BrokerNode node, Func<TopicPartition, CommittedOffset, Task<bool>> store)
    {
        var commits = _topics.SelectMany(topic => topic.Commits).ToList();
        foreach (var commit in commits)
        {
            commit.Error =
                GroupCoordinator.IsMetadataTooLarge(commit.Offset.Metadata) ? ErrorCode.OffsetMetadataTooLarge
                : node.Topics.Partition(commit.Partition.Topic, commit.Partition.Partition) is null
                    ? ErrorCode.UnknownTopicOrPartition
                : ErrorCode.None;
            if (commit.Error == ErrorCode.None)
                commit.Stored = store(commit.Partition, commit.Offset);
        }
        foreach (var commit in commits)
        {
            if (commit.Stored is { } stored && !await stored)
                commit.Error = ErrorCode.CoordinatorNotAvailable;
        }
    }

    public void Write(ProtocolWriter response)
    {
        response.WriteArrayLength(_topics.Count);
        foreach (var (name, commits) in _topics)
        {
            response.WriteString(name);
            response.WriteArrayLength(commits.Count);
            foreach (var commit in commits)
            {
                response.WriteInt32(commit.Partition.Partition);
                response.WriteError(commit.Error);
                response.WriteNoTags();
            }
            response.WriteNoTags();
        }
    }
}
