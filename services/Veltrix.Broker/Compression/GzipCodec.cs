using System.Buffers;
using System.IO.Compression;

namespace Veltrix.Broker.Compression;

internal sealed class GzipCodec : ICodec
{
    private const int StepBytes = 64 * 1024;

    public static GzipCodec Instance { get; } = new();

    public void Decompress(ReadOnlySpan<byte> compressed, ArrayBufferWriter<byte> target, int maximumBytes)
    {
        using var source = new MemoryStream(compressed.ToArray(), writable: false);
        using var gzip = new GZipStream(source, CompressionMode.Decompress);
        while (true)
        {
            var count = gzip.Read(target.GetSpan(StepBytes));
            if (count == 0)
                return;
            target.Advance(count);
            if (target.WrittenCount > maximumBytes)
                throw new InvalidDataException($"More than {maximumBytes} bytes.");
        }
    }

    public void Compress(ReadOnlySpan<byte> content, ArrayBufferWriter<byte> target)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(content);
        target.Write(compressed.GetBuffer().AsSpan(0, (int)compressed.Length));
    }
}
