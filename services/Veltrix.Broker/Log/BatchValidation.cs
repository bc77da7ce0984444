using Veltrix.Broker.Compression;
using Veltrix.Broker.Log.Compaction;
using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Log;

/// <summary>What a produced batch must look like before anything of it is written. Codes as Apache Kafka answers them.</summary>
/// <param name="maximumContentBytes">Largest content of a compressed batch, in bytes.</param>
internal sealed class BatchValidation(int maximumContentBytes)
{
    private const int HighestCompression = 4;

    /// <summary>What a buffer may keep when nobody uses it: a few batches' worth.</summary>
    private const int KeptBytes = 8 * 1024 * 1024;

    // Where compressed records are looked at, one for each processor and each locked while in use: a thousand producers of
    // batches that grow a hundredfold take no more memory than that.
    private readonly BatchRecords[] _contents =
    [
        .. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new BatchRecords(maximumContentBytes)),
    ];

    /// <summary>Whether it is one whole batch, as its producer made it.</summary>
    /// <param name="batch">The batch as it came.</param>
    /// <param name="maximumMessageBytes">Largest batch that the topic takes.</param>
    public static ErrorCode CheckFrame(ReadOnlySpan<byte> batch, int maximumMessageBytes)
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
        return BatchHeader.HasValidCrc(batch) ? ErrorCode.None : ErrorCode.CorruptMessage;
    }

    /// <summary>Whether a whole batch is a good one.</summary>
    /// <param name="batch">The batch as it came.</param>
    /// <param name="keyed">Whether every record needs a key, as those of a compacted topic do.</param>
    /// <param name="timestamps">Of its records; those of the header when the records cannot be looked at.</param>
    public ErrorCode CheckContent(ReadOnlySpan<byte> batch, bool keyed, out TimestampRange timestamps)
    {
        var header = new BatchHeader(batch);
        timestamps = new TimestampRange(header.BaseTimestamp, header.MaximumTimestamp);
        var error = CheckHeader(header);
        return error == ErrorCode.None ? CheckRecords(batch, keyed, ref timestamps) : error;
    }

    private static ErrorCode CheckHeader(BatchHeader header)
    {
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

    private ErrorCode CheckRecords(ReadOnlySpan<byte> batch, bool keyed, ref TimestampRange timestamps)
    {
        var header = new BatchHeader(batch);
        if (Codecs.Find(header.Compression) is not { } codec)
            return CheckRecords(header, header.Records, keyed, out timestamps);
        // Without the library the batch can be stored and served, but not judged.
        if (!codec.IsAvailable)
            return ErrorCode.None;
        var content = _contents[Thread.GetCurrentProcessorId() % _contents.Length];
        lock (content)
        {
            try
            {
                return content.TryDecompress(batch, out var records)
                    ? CheckRecords(header, records, keyed, out timestamps)
                    : ErrorCode.MessageTooLarge;
            }
            catch (InvalidDataException)
            {
                return ErrorCode.UnknownServerError;
            }
            finally
            {
                content.Trim(KeptBytes);
            }
        }
    }

    private static ErrorCode CheckRecords(
        BatchHeader header,
        ReadOnlySpan<byte> records,
        bool keyed,
        out TimestampRange timestamps
    ) =>
        RecordValidation.AreWellFormed(records, header.RecordCount, keyed, header.BaseTimestamp, out timestamps)
            ? ErrorCode.None
            : ErrorCode.InvalidRecord;
}
