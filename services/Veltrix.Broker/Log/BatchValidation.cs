using Veltrix.Broker.Log.Compaction;
using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Log;

/// <summary>What a produced batch must look like before anything of it is written. Codes as Apache Kafka answers them.</summary>
internal static class BatchValidation
{
    private const int HighestCompression = 4;

    public static ErrorCode Check(ReadOnlySpan<byte> batch, int maximumMessageBytes)
    {
        if (batch.Length < BatchHeader.SizeBytes)
            return ErrorCode.InvalidRecord;
        var header = new BatchHeader(batch);
        if (header.Magic != 2)
            return header.Magic < 2 ? ErrorCode.InvalidRecord : ErrorCode.CorruptMessage;
        // Cut off, or a second batch behind the first.
        if (header.TotalBytes != batch.Length)
            return ErrorCode.InvalidRecord;
        if (batch.Length > maximumMessageBytes)
            return ErrorCode.MessageTooLarge;
        if (!BatchHeader.HasValidCrc(batch))
            return ErrorCode.CorruptMessage;
        if (header.BaseOffset != 0 || header.IsControl)
            return ErrorCode.InvalidRecord;
        if (header.RecordCount <= 0 || header.LastOffsetDelta != header.RecordCount - 1)
            return ErrorCode.InvalidRecord;
        if (header.Compression > HighestCompression)
            return ErrorCode.UnknownServerError;
        if (header.ProducerId < 0)
            return header.IsTransactional ? ErrorCode.InvalidRecord : ErrorCode.None;
        return header.ProducerEpoch < 0 || header.BaseSequence < 0 ? ErrorCode.InvalidRecord : ErrorCode.None;
    }

    /// <summary>What a compacted topic asks for besides: a key for every record. Looks inside, compressed or not.</summary>
    public static ErrorCode CheckKeys(ReadOnlySpan<byte> batch, int maximumBytes)
    {
        try
        {
            return new BatchRecords(maximumBytes).AllHaveKeys(batch) ? ErrorCode.None : ErrorCode.InvalidRecord;
        }
        catch (InvalidDataException)
        {
            return ErrorCode.UnknownServerError;
        }
    }
}
