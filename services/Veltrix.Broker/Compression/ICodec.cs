using System.Buffers;

namespace Veltrix.Broker.Compression;

/// <summary>How the records of a batch are compressed. Only compacted topics make the broker look inside.</summary>
internal interface ICodec
{
    /// <exception cref="InvalidDataException">Not what the codec writes, or larger than <paramref name="maximumBytes"/>.</exception>
    void Decompress(ReadOnlySpan<byte> compressed, ArrayBufferWriter<byte> target, int maximumBytes);

    void Compress(ReadOnlySpan<byte> content, ArrayBufferWriter<byte> target);
}
