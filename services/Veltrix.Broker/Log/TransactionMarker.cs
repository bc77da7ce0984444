using System.Buffers.Binary;

namespace Veltrix.Broker.Log;

/// <summary>
/// The batch that ends a transaction in a partition: one control record, whose key is a version (0) and a type (0 abort,
/// 1 commit), and whose value is a version (0) and the coordinator's epoch (0, there is one coordinator).
/// </summary>
internal static class TransactionMarker
{
    private const short TransactionalControl = 0x30;
    private const short CommitType = 1;

    // The length of the record, its attributes, timestamp and offset deltas and its key's length take a byte each.
    private const int TypeOffset = 7;

    /// <summary>Length 16; attributes and deltas 0; a key of 4 bytes; a value of 6; no headers. Varints are zigzag.</summary>
    private static ReadOnlySpan<byte> Record => [0x20, 0, 0, 0, 0x08, 0, 0, 0, 0, 0x0C, 0, 0, 0, 0, 0, 0, 0];

    public static byte[] Create(long producerId, short producerEpoch, bool commit, long timestampMilliseconds)
    {
        var batch = new byte[BatchHeader.SizeBytes + Record.Length];
        var records = batch.AsSpan(BatchHeader.SizeBytes);
        Record.CopyTo(records);
        BinaryPrimitives.WriteInt16BigEndian(records[TypeOffset..], commit ? CommitType : (short)0);
        BatchHeader.Write(
            batch,
            TransactionalControl,
            recordCount: 1,
            timestampMilliseconds,
            producerId,
            producerEpoch,
            baseSequence: -1
        );
        return batch;
    }

    /// <summary>Whether the marker commits; null when the batch is another kind of control batch.</summary>
    public static bool? IsCommit(BatchHeader batch)
    {
        var records = batch.Records;
        if (!batch.IsControl || records.Length < TypeOffset + sizeof(short))
            return null;
        return BinaryPrimitives.ReadInt16BigEndian(records[TypeOffset..]) switch
        {
            0 => false,
            CommitType => true,
            _ => null,
        };
    }
}
