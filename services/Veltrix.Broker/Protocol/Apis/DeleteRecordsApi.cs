namespace Veltrix.Broker.Protocol.Apis;

/// <summary>Moves the start of partitions; -1 means up to the high watermark.</summary>
internal sealed class DeleteRecordsApi(BrokerNode node) : Api(ApiKey.DeleteRecords, 0, 2, firstFlexibleVersion: 2)
{
    public override ValueTask AnswerAsync(ApiRequest request, ProtocolWriter response, CancellationToken cancellation)
    {
        var reader = request.Read();
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
                var (index, offset) = (reader.ReadInt32(), reader.ReadInt64());
                reader.SkipTags();
                var (lowWatermark, error) = Delete(name, index, offset);
                response.WriteInt32(index);
                response.WriteInt64(lowWatermark);
                response.WriteError(error);
                response.WriteNoTags();
            }
            reader.SkipTags();
            response.WriteNoTags();
        }
        response.WriteNoTags();
        return ValueTask.CompletedTask;
    }

    private (long LowWatermark, ErrorCode Error) Delete(string topic, int index, long offset)
    {
        if (node.Topics.Partition(topic, index) is not { } log)
            return (-1, ErrorCode.UnknownTopicOrPartition);
        var start = offset == -1 ? log.HighWatermark : offset;
        var error = start < 0 ? ErrorCode.OffsetOutOfRange : log.AdvanceStart(start);
        return (error == ErrorCode.None ? log.LogStartOffset : -1, error);
    }
}
