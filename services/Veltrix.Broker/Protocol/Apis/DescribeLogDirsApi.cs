namespace Veltrix.Broker.Protocol.Apis;

/// <summary>How many bytes each partition takes, and how many the disk has left.</summary>
internal sealed class DescribeLogDirsApi(BrokerNode node) : Api(ApiKey.DescribeLogDirs, 0, 4, firstFlexibleVersion: 2)
{
    public override ValueTask AnswerAsync(ApiRequest request, ProtocolWriter response, CancellationToken cancellation)
    {
        var version = request.Version;
        var wanted = Parse(request);
        var directory = Path.GetFullPath(node.Options.DataDirectory);
        var topics = node.Topics.All.Where(topic => wanted is null || wanted.ContainsKey(topic.Name)).ToList();
        response.WriteInt32(0);
        if (version >= 3)
            response.WriteError(ErrorCode.None);
        response.WriteArrayLength(1);
        response.WriteError(ErrorCode.None);
        response.WriteString(directory);
        response.WriteArrayLength(topics.Count);
        foreach (var topic in topics)
        {
            var partitions = Enumerable
                .Range(0, topic.Partitions.Length)
                .Where(index => wanted is null || wanted[topic.Name].Contains(index))
                .ToList();
            response.WriteString(topic.Name);
            response.WriteArrayLength(partitions.Count);
            foreach (var index in partitions)
            {
                response.WriteInt32(index);
                response.WriteInt64(topic.Partition(index)?.TotalBytes ?? 0);
                response.WriteInt64(0);
                response.WriteBoolean(false);
                response.WriteNoTags();
            }
            response.WriteNoTags();
        }
        if (version >= 4)
        {
            var drive = new DriveInfo(directory);
            response.WriteInt64(drive.TotalSize);
            response.WriteInt64(drive.AvailableFreeSpace);
        }
        response.WriteNoTags();
        response.WriteNoTags();
        return ValueTask.CompletedTask;
    }

    private static Dictionary<string, List<int>>? Parse(ApiRequest request)
    {
        var reader = request.Read();
        var count = reader.ReadArrayLength();
        if (count < 0)
            return null;
        var topics = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (; count > 0; count--)
        {
            var name = reader.ReadString();
            topics[name] = reader.ReadInt32Array();
            reader.SkipTags();
        }
        return topics;
    }
}
