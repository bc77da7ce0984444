using Veltrix.Broker.Log;

namespace Veltrix.Broker.Protocol.Apis;

/// <summary>Offsets by time; the special times -1 (next), -2 (first) and -3 (largest timestamp) among them.</summary>
internal sealed class ListOffsetsApi(BrokerNode node) : Api(ApiKey.ListOffsets, 0, 9, firstFlexibleVersion: 6)
{
    private const long Latest = -1;
    private const long Earliest = -2;
    private const long MaximumTimestamp = -3;
    private const long EarliestLocal = -4;
    private const long LastTiered = -5;
    private const sbyte ReadCommitted = 1;

    private readonly record struct Found(ErrorCode Error, long Timestamp, long Offset, int LeaderEpoch);

    public override ValueTask AnswerAsync(ApiRequest request, ProtocolWriter response, CancellationToken cancellation)
    {
        var version = request.Version;
        var reader = request.Read();
        reader.ReadInt32();
        var committedOnly = version >= 2 && reader.ReadInt8() == ReadCommitted;
        if (version >= 2)
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
                var index = reader.ReadInt32();
                var epoch = version >= 4 ? reader.ReadInt32() : -1;
                var timestamp = reader.ReadInt64();
                if (version == 0)
                    reader.ReadInt32();
                reader.SkipTags();
                Write(response, version, index, Find(version, name, index, epoch, timestamp, committedOnly));
            }
            reader.SkipTags();
            response.WriteNoTags();
        }
        response.WriteNoTags();
        return ValueTask.CompletedTask;
    }

    private Found Find(short version, string topic, int index, int epoch, long timestamp, bool committedOnly)
    {
        if (node.Topics.Partition(topic, index) is not { } log)
            return new Found(ErrorCode.UnknownTopicOrPartition, -1, -1, -1);
        var fenced = LeaderEpochCheck.Check(log, epoch);
        if (fenced != ErrorCode.None)
            return new Found(fenced, -1, -1, -1);
        if (timestamp < 0 && version < FirstVersionOf(timestamp))
            return new Found(ErrorCode.UnsupportedVersion, -1, -1, -1);
        var end = committedOnly ? log.LastStableOffset : log.HighWatermark;
        long offset;
        long found;
        try
        {
            (offset, found) = Look(log, timestamp, end);
        }
        catch (Exception error) when (error is IOException or InvalidDataException)
        {
            return new Found(log.ReadFailed(error), -1, -1, -1);
        }
        // A record that such a consumer cannot read yet is none that it can begin at.
        if (timestamp >= 0 && offset >= end)
            (offset, found) = (-1, -1);
        return new Found(ErrorCode.None, found, offset, offset < 0 ? -1 : EpochOf(log, offset));
    }

    private static (long Offset, long Timestamp) Look(PartitionLog log, long timestamp, long end) =>
        timestamp switch
        {
            Latest => (end, -1),
            Earliest or EarliestLocal => (log.LogStartOffset, -1),
            MaximumTimestamp => log.FindMaximumTimestamp() ?? (-1, -1),
            LastTiered => (-1, -1),
            _ => log.FindTimestamp(timestamp) ?? (-1, -1),
        };

    /// <summary>The special times came one after the other (KIP-734, KIP-405, KIP-1005).</summary>
    private static short FirstVersionOf(long specialTime) =>
        specialTime switch
        {
            Latest or Earliest => 0,
            MaximumTimestamp => 7,
            EarliestLocal => 8,
            LastTiered => 9,
            _ => short.MaxValue,
        };

    private static int EpochOf(PartitionLog log, long offset) =>
        log.EpochAt(offset) is >= 0 and var epoch ? epoch : log.LeaderEpoch;

    private static void Write(ProtocolWriter response, short version, int index, Found found)
    {
        response.WriteInt32(index);
        response.WriteError(found.Error);
        if (version == 0)
        {
            response.WriteArrayLength(found.Offset < 0 ? 0 : 1);
            if (found.Offset >= 0)
                response.WriteInt64(found.Offset);
            return;
        }
        response.WriteInt64(found.Timestamp);
        response.WriteInt64(found.Offset);
        if (version >= 4)
            response.WriteInt32(found.LeaderEpoch);
        response.WriteNoTags();
    }
}
