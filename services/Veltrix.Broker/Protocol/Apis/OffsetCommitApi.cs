using Veltrix.Broker.Groups;

namespace Veltrix.Broker.Protocol.Apis;

/// <summary>Stores how far a group has come. Answered when it is as durable as a produced record.</summary>
internal sealed class OffsetCommitApi(BrokerNode node) : Api(ApiKey.OffsetCommit, 0, 9, firstFlexibleVersion: 8)
{
    private sealed record Request(
        string GroupId,
        int Generation,
        string MemberId,
        string? InstanceId,
        OffsetCommits Offsets
    );

    public override async ValueTask AnswerAsync(
        ApiRequest request,
        ProtocolWriter response,
        CancellationToken cancellation
    )
    {
        var commit = Parse(request);
        var (refused, group) = node.Groups.CheckCommit(
            commit.GroupId,
            commit.MemberId,
            commit.InstanceId,
            commit.Generation
        );
        if (refused == ErrorCode.None)
            await commit.Offsets.StoreAsync(node, (partition, offset) => node.Groups.Commit(group!, partition, offset));
        else
            commit.Offsets.Refuse(refused);
        if (request.Version >= 3)
            response.WriteInt32(0);
        commit.Offsets.Write(response);
        response.WriteNoTags();
    }

    private Request Parse(ApiRequest request)
    {
        var version = request.Version;
        var now = node.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var reader = request.Read();
        var groupId = reader.ReadString();
        var generation = version >= 1 ? reader.ReadInt32() : -1;
        var memberId = version >= 1 ? reader.ReadString() : "";
        var instanceId = version >= 7 ? reader.ReadNullableString() : null;
        if (version is >= 2 and <= 4)
            reader.ReadInt64();
        return new Request(groupId, generation, memberId, instanceId, OffsetCommits.Parse(ref reader, ReadOffset));

        (int Index, CommittedOffset Offset) ReadOffset(ref ProtocolReader from)
        {
            var (index, offset) = (from.ReadInt32(), from.ReadInt64());
            var epoch = version >= 6 ? from.ReadInt32() : -1;
            if (version == 1)
                from.ReadInt64();
            return (index, new CommittedOffset(offset, epoch, from.ReadNullableString(), now));
        }
    }
}
