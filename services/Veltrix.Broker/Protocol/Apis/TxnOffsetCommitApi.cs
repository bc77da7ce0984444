using Veltrix.Broker.Groups;
using Veltrix.Broker.Transactions;

namespace Veltrix.Broker.Protocol.Apis;

/// <summary>Commits a group's offsets as part of a transaction: nobody sees them before it ends.</summary>
internal sealed class TxnOffsetCommitApi(BrokerNode node) : Api(ApiKey.TxnOffsetCommit, 0, 3, firstFlexibleVersion: 3)
{
    private sealed record Request(
        TransactionalProducer Producer,
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
        var refused =
            commit.GroupId.Length == 0
                ? ErrorCode.InvalidGroupId
                : await node.Transactions.WithinAsync(
                    commit.Producer,
                    commit.GroupId,
                    () => StoreAsync(commit),
                    cancellation
                );
        if (refused != ErrorCode.None)
            commit.Offsets.Refuse(refused == ErrorCode.ProducerFenced ? ErrorCode.InvalidProducerEpoch : refused);
        response.WriteInt32(0);
        commit.Offsets.Write(response);
        response.WriteNoTags();
    }

    private async Task<ErrorCode> StoreAsync(Request commit)
    {
        var (refused, group) = node.Groups.CheckTransactionalCommit(
            commit.GroupId,
            commit.MemberId,
            commit.InstanceId,
            commit.Generation
        );
        if (refused == ErrorCode.None)
            await commit.Offsets.StoreAsync(
                node,
                (partition, offset) => node.Groups.CommitPending(group!, commit.Producer.ProducerId, partition, offset)
            );
        return refused;
    }

    private Request Parse(ApiRequest request)
    {
        var version = request.Version;
        var now = node.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var reader = request.Read();
        var (transactionalId, groupId) = (reader.ReadString(), reader.ReadString());
        var producer = new TransactionalProducer(transactionalId, reader.ReadInt64(), reader.ReadInt16());
        var generation = version >= 3 ? reader.ReadInt32() : -1;
        var memberId = version >= 3 ? reader.ReadString() : "";
        var instanceId = version >= 3 ? reader.ReadNullableString() : null;
        var offsets = OffsetCommits.Parse(ref reader, ReadOffset);
        return new Request(producer, groupId, generation, memberId, instanceId, offsets);

        (int Index, CommittedOffset Offset) ReadOffset(ref ProtocolReader from)
        {
            var (index, offset) = (from.ReadInt32(), from.ReadInt64());
            var leaderEpoch = version >= 2 ? from.ReadInt32() : -1;
            return (index, new CommittedOffset(offset, leaderEpoch, from.ReadNullableString(), now));
        }
    }
}
