using System.Globalization;

namespace Veltrix.Broker.Groups;

/// <summary>What a key in the groups' journal is about: the group itself, an offset of it, or one in a transaction.</summary>
internal readonly record struct GroupKey(string Group, TopicPartition? Partition = null, long? ProducerId = null);

/// <summary>
/// Keys in the groups' journal: "g" and the group; "o", group, topic and partition; "t", group, topic, partition and
/// producer id. A zero byte between the parts.
/// </summary>
internal static class GroupKeys
{
    private const char Separator = '\0';

    public static string ForGroup(string group) => $"g{Separator}{group}";

    public static string ForOffset(string group, TopicPartition partition) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"o{Separator}{group}{Separator}{partition.Topic}{Separator}{partition.Partition}"
        );

    public static string ForPendingOffset(string group, TopicPartition partition, long producerId) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"t{Separator}{group}{Separator}{partition.Topic}{Separator}{partition.Partition}{Separator}{producerId}"
        );

    public static GroupKey Parse(string key)
    {
        var parts = key.Split(Separator);
        if (parts[0] == "g")
            return new GroupKey(parts[1]);
        var partition = new TopicPartition(parts[2], int.Parse(parts[3], CultureInfo.InvariantCulture));
        return parts[0] == "o"
            ? new GroupKey(parts[1], partition)
            : new GroupKey(parts[1], partition, long.Parse(parts[4], CultureInfo.InvariantCulture));
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
