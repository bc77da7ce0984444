namespace Veltrix.Broker.Protocol.Apis;

/// <summary>Where a leader epoch ends: how clients find out that a log was truncated (KIP-320).</summary>
internal sealed class OffsetForLeaderEpochApi(BrokerNode node)
    : Api(ApiKey.OffsetForLeaderEpoch, 2, 4, firstFlexibleVersion: 4)
{
    public override ValueTask AnswerAsync(ApiRequest request, ProtocolWriter response, CancellationToken cancellation)
    {
        var reader = request.Read();
        if (request.Version >= 3)
            reader.ReadInt32();
        response.WriteInt32(0);
        var topics = reader.ReadArrayLength();
        response.WriteArrayLength(topics);
        for (; topics > 0; topics--)
        {
            var name = reader.ReadString();
            response.WriteString(name);
            var partitions = reader.ReadArrayLength();
            response.WriteArrayLength(partitions);
            for (; partitions > 0; partitions--)
            {
                var (index, currentEpoch, epoch) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
                reader.SkipTags();
                var log = node.Topics.Partition(name, index);
                var error = log is null ? ErrorCode.UnknownTopicOrPartition : LeaderEpochCheck.Check(log, currentEpoch);
                var (found, end) = error == ErrorCode.None ? log!.EndOfEpoch(epoch) : (-1, -1);
                response.WriteError(error);
                response.WriteInt32(index);
                response.WriteInt32(found);
                response.WriteInt64(end);
                response.WriteNoTags();
            }
            reader.SkipTags();
            response.WriteNoTags();
        }
        response.WriteNoTags();
        return ValueTask.CompletedTask;
    }
}
