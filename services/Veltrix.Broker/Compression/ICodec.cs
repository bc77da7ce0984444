using System.Buffers;

namespace Veltrix.Broker.Compression;

/// <summary>How the records of a batch are compressed.</summary>
internal interface ICodec
{
    /// <summary>False where a library that it needs is missing.</summary>
    bool IsAvailable => true;

    /// <summary>Appends the content to <paramref name="target"/>, an empty one; false when it is larger than allowed.</summary>
    /// <exception cref="InvalidDataException">Not what the codec writes.</exception>
    bool TryDecompress(ReadOnlySpan<byte> compressed, ArrayBufferWriter<byte> target, int maximumBytes);

    void Compress(ReadOnlySpan<byte> content, ArrayBufferWriter<byte> target);
}
