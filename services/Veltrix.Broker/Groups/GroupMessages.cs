using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Groups;

/// <summary>A consumer asks to become, or to stay, a member.</summary>
/// <param name="MayRequireMemberId">Whether the client understands that it must come back with the id it is given (v4).</param>
internal sealed record JoinRequest(
    string GroupId,
    string MemberId,
    string? InstanceId,
    string ClientId,
    string ClientHost,
    TimeSpan SessionTimeout,
    TimeSpan RebalanceTimeout,
    string ProtocolType,
    IReadOnlyList<MemberProtocol> Protocols,
    bool MayRequireMemberId,
    bool SupportsSkipAssignment = false
);

internal sealed record JoinedMember(string Id, string? InstanceId, byte[] Metadata);

/// <param name="Members">For the leader: everybody. For the others: nobody.</param>
/// <param name="SkipAssignment">The leader has nothing to assign: it came back to a group that goes on as it was.</param>
internal sealed record JoinResult(
    ErrorCode Error,
    string MemberId,
    int Generation = -1,
    string? ProtocolType = null,
    string? Protocol = null,
    string LeaderId = "",
    IReadOnlyList<JoinedMember>? Members = null,
    bool SkipAssignment = false
);

internal sealed record SyncRequest(
    string GroupId,
    int Generation,
    string MemberId,
    string? InstanceId,
    string? ProtocolType,
    string? Protocol,
    IReadOnlyDictionary<string, byte[]> Assignments
);

internal sealed record SyncResult(ErrorCode Error, string? ProtocolType, string? Protocol, byte[] Assignment)
{
    public static SyncResult Refused(ErrorCode error) => new(error, null, null, []);
}

/// <summary>An offset as a consumer committed it.</summary>
internal sealed record CommittedOffset(long Offset, int LeaderEpoch, string? Metadata, long CommittedAtMilliseconds);

internal readonly record struct TopicPartition(string Topic, int Partition);
