using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Veltrix.Cli.Send;

/// <summary>Splits newline-delimited JSON into lines, in memory bounded by the longest line allowed.</summary>
internal static class NdjsonReader
{
    private const int ReadBytes = 64 * 1024;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    public static async IAsyncEnumerable<NdjsonLine> ReadAsync(
        Stream input,
        int maximumLineBytes,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var reader = PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: ReadBytes, leaveOpen: true));
        long number = 0;
        long readBytes = 0;
        long searchedBytes = 0;
        var skipping = false;
        while (true)
        {
            var read = await reader.ReadAsync(cancellation);
            var rest = read.Buffer;
            while (TryTake(ref rest, searchedBytes, read.IsCompleted, out var line, out var lineBytes))
            {
                searchedBytes = 0;
                readBytes += lineBytes;
                number++;
                if (skipping || line.Length > maximumLineBytes)
                    yield return new(number, [], readBytes);
                else if (Trim(line.ToArray(), number) is { Length: > 0 } json)
                    yield return new(number, json, readBytes);
                skipping = false;
            }
            if (rest.Length > maximumLineBytes)
            {
                // The rest of a line that is too long is thrown away as it comes.
                readBytes += rest.Length;
                rest = rest.Slice(rest.End);
                skipping = true;
            }
            searchedBytes = rest.Length;
            reader.AdvanceTo(rest.Start, read.Buffer.End);
            if (read.IsCompleted)
                yield break;
        }
    }

    private static bool TryTake(
        ref ReadOnlySequence<byte> rest,
        long searchedBytes,
        bool isLast,
        out ReadOnlySequence<byte> line,
        out long lineBytes
    )
    {
        line = rest;
        lineBytes = rest.Length;
        if (rest.Slice(searchedBytes).PositionOf((byte)'\n') is { } end)
        {
            line = rest.Slice(0, end);
            lineBytes = line.Length + 1;
            rest = rest.Slice(rest.GetPosition(1, end));
            return true;
        }
        if (!isLast || rest.IsEmpty)
            return false;
        rest = rest.Slice(rest.End);
        return true;
    }

    private static byte[] Trim(byte[] line, long number)
    {
        var span = line.AsSpan();
        if (number == 1 && span.StartsWith(ByteOrderMark))
            span = span[ByteOrderMark.Length..];
        span = span.Trim(" \t\r"u8);
        return span.Length == line.Length ? line : span.ToArray();
    }
}
