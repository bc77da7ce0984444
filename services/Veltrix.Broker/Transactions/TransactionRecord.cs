using Veltrix.Broker.Groups;

namespace Veltrix.Broker.Transactions;

/// <summary>All that is known of a transactional id, as it is stored.</summary>
/// <param name="ProducerId">The producer that writes under the id.</param>
/// <param name="Epoch">Its epoch: whoever has a lower one is a zombie.</param>
/// <param name="LastEpoch">The epoch that <paramref name="Epoch"/> was asked for with, so that asking again gives the same; -1 without one.</param>
/// <param name="Timeout">An ongoing transaction is aborted after this time.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Partitions">Partitions of the transaction.</param>
/// <param name="Groups">Consumer groups whose offsets the transaction commits.</param>
/// <param name="StartedAtMilliseconds">When the transaction began.</param>
/// <param name="ChangedAtMilliseconds">When any of this last changed.</param>
internal sealed record TransactionRecord(
    long ProducerId,
    short Epoch,
    short LastEpoch,
    TimeSpan Timeout,
    TransactionState State,
    IReadOnlySet<TopicPartition> Partitions,
    IReadOnlySet<string> Groups,
    long StartedAtMilliseconds,
    long ChangedAtMilliseconds
)
{
    private const byte Format = 1;

    public bool IsDecided => State is TransactionState.PrepareCommit or TransactionState.PrepareAbort;

    public byte[] Save()
    {
        using var content = new MemoryStream();
        using var writer = new BinaryWriter(content);
        writer.Write(Format);
        writer.Write(ProducerId);
        writer.Write(Epoch);
        writer.Write(LastEpoch);
        writer.Write(Timeout.Ticks);
        writer.Write((byte)State);
        writer.Write(Partitions.Count);
        foreach (var partition in Partitions)
        {
            writer.Write(partition.Topic);
            writer.Write(partition.Partition);
        }
        writer.Write(Groups.Count);
        foreach (var group in Groups)
            writer.Write(group);
        writer.Write(StartedAtMilliseconds);
        writer.Write(ChangedAtMilliseconds);
        return content.ToArray();
    }

    /// <exception cref="BrokerStartException">A later version of the broker wrote it.</exception>
    public static TransactionRecord Load(byte[] value)
    {
        using var reader = new BinaryReader(new MemoryStream(value));
        var format = reader.ReadByte();
        if (format != Format)
            throw new BrokerStartException(
                $"The transactions are stored in format {format}; this broker knows {Format}."
            );
        return new TransactionRecord(
            reader.ReadInt64(),
            reader.ReadInt16(),
            reader.ReadInt16(),
            new TimeSpan(reader.ReadInt64()),
            (TransactionState)reader.ReadByte(),
            ReadSet(reader, static reader => new TopicPartition(reader.ReadString(), reader.ReadInt32())),
            ReadSet(reader, static reader => reader.ReadString()),
            reader.ReadInt64(),
            reader.ReadInt64()
        );
    }

    private static HashSet<T> ReadSet<T>(BinaryReader reader, Func<BinaryReader, T> read)
    {
        var set = new HashSet<T>();
        for (var left = reader.ReadInt32(); left > 0; left--)
            set.Add(read(reader));
        return set;
    }
}
