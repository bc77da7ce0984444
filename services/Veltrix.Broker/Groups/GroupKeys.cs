using System.Globalization;

namespace Veltrix.Broker.Groups;

/// <summary>Keys in the groups' journal: "g" and the group, or "o", group, topic and partition; a zero byte between.</summary>
internal static class GroupKeys
{
    private const char Separator = '\0';

    public static string ForGroup(string group) => $"g{Separator}{group}";

    public static string ForOffset(string group, TopicPartition partition) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"o{Separator}{group}{Separator}{partition.Topic}{Separator}{partition.Partition}"
        );

    public static (string Group, TopicPartition? Partition) Parse(string key)
    {
        var parts = key.Split(Separator);
        return parts[0] == "g"
            ? (parts[1], null)
            : (parts[1], new TopicPartition(parts[2], int.Parse(parts[3], CultureInfo.InvariantCulture)));
    }

    public static byte[] Write(CommittedOffset offset)
    {
        using var content = new MemoryStream();
        using var writer = new BinaryWriter(content);
        writer.Write(offset.Offset);
        writer.Write(offset.LeaderEpoch);
        writer.Write(offset.CommittedAtMilliseconds);
        writer.Write(offset.Metadata is not null);
        writer.Write(offset.Metadata ?? "");
        return content.ToArray();
    }

    public static CommittedOffset ReadOffset(byte[] value)
    {
        using var reader = new BinaryReader(new MemoryStream(value));
        var (offset, epoch, committedAt) = (reader.ReadInt64(), reader.ReadInt32(), reader.ReadInt64());
        var hasMetadata = reader.ReadBoolean();
        var metadata = reader.ReadString();
        return new CommittedOffset(offset, epoch, hasMetadata ? metadata : null, committedAt);
    }
}
