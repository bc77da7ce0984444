using Veltrix.Broker.Log;

namespace Veltrix.Broker.Protocol.Apis;

/// <summary>A client that knows an older or a newer leader than there is must first ask again where the leader is (KIP-320).</summary>
internal static class LeaderEpochCheck
{
    public static ErrorCode Check(PartitionLog log, int clientEpoch)
    {
        if (clientEpoch < 0 || clientEpoch == log.LeaderEpoch)
            return ErrorCode.None;
        return clientEpoch < log.LeaderEpoch ? ErrorCode.FencedLeaderEpoch : ErrorCode.UnknownLeaderEpoch;
    }
}
