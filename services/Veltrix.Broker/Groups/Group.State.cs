using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Groups;

/// <summary>A member as an administrator sees it.</summary>
internal sealed record MemberDescription(
    string Id,
    string? InstanceId,
    string ClientId,
    string ClientHost,
    byte[] Metadata,
    byte[] Assignment
);

/// <summary>A group as an administrator sees it.</summary>
internal sealed record GroupDescription(
    GroupState State,
    string ProtocolType,
    string Protocol,
    IReadOnlyList<MemberDescription> Members
);

/// <summary>A group's state as seen from outside, and as it is stored.</summary>
internal sealed partial class Group
{
    private const byte Format = 2;

    /// <summary>Does not say since when the group is empty.</summary>
    private const byte FirstFormat = 1;

    public GroupDescription Describe()
    {
        lock (_gate)
        {
            var protocol = State == GroupState.Stable ? _protocol ?? "" : "";
            return new GroupDescription(
                State,
                ProtocolType,
                protocol,
                [
                    .. _members.Values.Select(member => new MemberDescription(
                        member.Id,
                        member.InstanceId,
                        member.ClientId,
                        member.ClientHost,
                        State == GroupState.Stable ? member.MetadataFor(protocol) : [],
                        State == GroupState.Stable ? member.Assignment : []
                    )),
                ]
            );
        }
    }

    /// <summary>Members keep their places over a restart of the broker: they notice nothing but a pause.</summary>
    public void Restore(byte[] state)
    {
        using var reader = new BinaryReader(new MemoryStream(state));
        lock (_gate)
        {
            var format = reader.ReadByte();
            if (format is not (Format or FirstFormat))
                return;
            EmptySince = format == Format ? DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64()) : Now;
            Generation = reader.ReadInt32();
            ProtocolType = reader.ReadString();
            _protocol = ReadNullable(reader);
            _leaderId = reader.ReadString();
            for (var left = reader.ReadInt32(); left > 0; left--)
                RestoreMember(reader);
            State = _members.Count == 0 ? GroupState.Empty : GroupState.Stable;
            Schedule();
        }
    }

    private byte[] Save()
    {
        using var content = new MemoryStream();
        using var writer = new BinaryWriter(content);
        writer.Write(Format);
        writer.Write(EmptySince.ToUnixTimeMilliseconds());
        writer.Write(Generation);
        writer.Write(ProtocolType);
        WriteNullable(writer, _protocol);
        writer.Write(_leaderId);
        writer.Write(_members.Count);
        foreach (var member in _members.Values)
        {
            writer.Write(member.Id);
            WriteNullable(writer, member.InstanceId);
            writer.Write(member.ClientId);
            writer.Write(member.ClientHost);
            writer.Write(member.SessionTimeout.Ticks);
            writer.Write(member.RebalanceTimeout.Ticks);
            WriteBytes(writer, member.Assignment);
            writer.Write(member.Protocols.Count);
            foreach (var protocol in member.Protocols)
            {
                writer.Write(protocol.Name);
                WriteBytes(writer, protocol.Metadata);
            }
        }
        return content.ToArray();
    }

    private void RestoreMember(BinaryReader reader)
    {
        var id = reader.ReadString();
        var instanceId = ReadNullable(reader);
        var (clientId, clientHost) = (reader.ReadString(), reader.ReadString());
        var (session, rebalance) = (new TimeSpan(reader.ReadInt64()), new TimeSpan(reader.ReadInt64()));
        var assignment = reader.ReadBytes(reader.ReadInt32());
        var protocols = new MemberProtocol[reader.ReadInt32()];
        for (var index = 0; index < protocols.Length; index++)
            protocols[index] = new MemberProtocol(reader.ReadString(), reader.ReadBytes(reader.ReadInt32()));
        _members[id] = new GroupMember
        {
            Id = id,
            InstanceId = instanceId,
            ClientId = clientId,
            ClientHost = clientHost,
            SessionTimeout = session,
            RebalanceTimeout = rebalance,
            Protocols = protocols,
            Assignment = assignment,
            Deadline = Now + session,
        };
        if (instanceId is not null)
            _staticMembers[instanceId] = id;
    }

    private static string? ReadNullable(BinaryReader reader) => reader.ReadBoolean() ? reader.ReadString() : null;

    private static void WriteNullable(BinaryWriter writer, string? value)
    {
        writer.Write(value is not null);
        if (value is not null)
            writer.Write(value);
    }

    private static void WriteBytes(BinaryWriter writer, byte[] value)
    {
        writer.Write(value.Length);
        writer.Write(value);
    }
}
