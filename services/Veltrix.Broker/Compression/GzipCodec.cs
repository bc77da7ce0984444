using System.Buffers;
using System.IO.Compression;

namespace Veltrix.Broker.Compression;

internal sealed class GzipCodec : ICodec
{
    private const int StepBytes = 64 * 1024;

    public static GzipCodec Instance { get; } = new();

    public unsafe bool TryDecompress(ReadOnlySpan<byte> compressed, ArrayBufferWriter<byte> target, int maximumBytes)
    {
        // What the stream itself makes of no content.
        if (compressed.IsEmpty)
            return true;
        fixed (byte* start = compressed)
        {
            using var source = new UnmanagedMemoryStream(start, compressed.Length);
            using var gzip = new GZipStream(source, CompressionMode.Decompress);
            while (true)
            {
                var count = gzip.Read(target.GetSpan(StepBytes));
                if (count == 0)
                    return true;
                target.Advance(count);
                if (target.WrittenCount > maximumBytes)
                    return false;
            }
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
