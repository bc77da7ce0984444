using Confluent.Kafka;

namespace Veltrix.Processor.Consuming;

/// <summary>One polled record.</summary>
/// <param name="Result">What Kafka delivered.</param>
/// <param name="Bytes">What it weighs in the batch's byte budget.</param>
internal readonly record struct BatchRecord(ConsumeResult<byte[], byte[]> Result, int Bytes)
{
    // An object, its message and the list of headers: what a record costs before its first byte.
    private const int FixedBytes = 256;

    public static BatchRecord Of(ConsumeResult<byte[], byte[]> result)
    {
        var bytes = FixedBytes + (result.Message.Key?.Length ?? 0) + (result.Message.Value?.Length ?? 0);
        foreach (var header in result.Message.Headers)
            bytes += 64 + header.Key.Length + (header.GetValueBytes()?.Length ?? 0);
        return new BatchRecord(result, bytes);
    }
}
