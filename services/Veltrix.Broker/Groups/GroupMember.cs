namespace Veltrix.Broker.Groups;

/// <summary>One of the assignment strategies that a member can follow, with what it says about itself for that one.</summary>
internal sealed record MemberProtocol(string Name, byte[] Metadata);

/// <summary>A consumer in a group. Guarded by the group's lock.</summary>
internal sealed class GroupMember
{
    public required string Id { get; set; }

    /// <summary>Set for static members (KIP-345), which keep their assignment over restarts.</summary>
    public required string? InstanceId { get; init; }

    public required string ClientId { get; set; }

    public required string ClientHost { get; set; }

    public required TimeSpan SessionTimeout { get; set; }

    public required TimeSpan RebalanceTimeout { get; set; }

    public required IReadOnlyList<MemberProtocol> Protocols { get; set; }

    public byte[] Assignment { get; set; } = [];

    /// <summary>When it counts as gone unless it is heard of before.</summary>
    public DateTimeOffset Deadline { get; set; }

    /// <summary>The join or sync request that it waits in; a waiting member is alive.</summary>
    public TaskCompletionSource<JoinResult>? Join { get; set; }

    public TaskCompletionSource<SyncResult>? Sync { get; set; }

    public bool IsWaiting => Join is not null || Sync is not null;

    public byte[] MetadataFor(string protocol) =>
        Protocols.FirstOrDefault(candidate => candidate.Name == protocol)?.Metadata ?? [];

    public bool HasSameProtocols(IReadOnlyList<MemberProtocol> others) =>
        Protocols.Count == others.Count
        && Protocols
            .Zip(others)
            .All(pair =>
                pair.First.Name == pair.Second.Name && pair.First.Metadata.AsSpan().SequenceEqual(pair.Second.Metadata)
            );
}
