using System.Buffers;
using System.Runtime.InteropServices;

namespace Veltrix.Broker.Compression;

/// <summary>
/// Zstandard by the system's libzstd, which every Debian and Ubuntu has (dpkg itself needs it). Without it such batches are
/// stored unseen, and topics with them are not compacted.
/// </summary>
internal sealed unsafe partial class ZstandardCodec : ICodec
{
    private const string Library = "libzstd.so.1";
    private const int FastLevel = 1;
    private const int StepBytes = 128 * 1024;

    public static ZstandardCodec Instance { get; } = new();

    public bool IsAvailable { get; } = NativeLibrary.TryLoad(Library, out _);

    public bool TryDecompress(ReadOnlySpan<byte> compressed, ArrayBufferWriter<byte> target, int maximumBytes)
    {
        var stream = Load(static () => CreateDecompressor());
        try
        {
            fixed (byte* source = compressed)
            {
                var input = new Buffer(source, (nuint)compressed.Length);
                nuint left;
                do
                {
                    fixed (byte* destination = target.GetSpan(StepBytes))
                    {
                        var output = new Buffer(destination, StepBytes);
                        left = DecompressStream(stream, ref output, ref input);
                        if (IsError(left) != 0)
                            throw new InvalidDataException("Not a Zstandard frame, or a garbled one.");
                        target.Advance((int)output.Position);
                        if (target.WrittenCount > maximumBytes)
                            return false;
                        if (left != 0 && output.Position == 0 && input.Position == input.Bytes)
                            throw new InvalidDataException("A Zstandard frame is cut off.");
                    }
                } while (left != 0 || input.Position < input.Bytes);
                return true;
            }
        }
        finally
        {
            _ = FreeDecompressor(stream);
        }
    }

    public void Compress(ReadOnlySpan<byte> content, ArrayBufferWriter<byte> target)
    {
        var bound = Load(content.Length, static bytes => CompressBound((nuint)bytes));
        fixed (byte* source = content)
        fixed (byte* destination = target.GetSpan((int)bound))
        {
            var count = Compress(destination, bound, source, (nuint)content.Length, FastLevel);
            if (IsError(count) != 0)
                throw new InvalidDataException("Zstandard failed to compress.");
            target.Advance((int)count);
        }
    }

    private static nint Load(Func<nint> create) => Load(0, _ => create());

    private static TResult Load<TResult>(int argument, Func<int, TResult> first)
    {
        try
        {
            return first(argument);
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            throw new InvalidDataException($"{Library} is missing (Debian package libzstd1).", error);
        }
    }

    /// <summary><c>ZSTD_inBuffer</c> and <c>ZSTD_outBuffer</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Buffer(byte* start, nuint bytes)
    {
        public byte* Start = start;
        public nuint Bytes = bytes;
        public nuint Position;
    }

    [LibraryImport(Library, EntryPoint = "ZSTD_createDStream")]
    private static partial nint CreateDecompressor();

    [LibraryImport(Library, EntryPoint = "ZSTD_freeDStream")]
    private static partial nuint FreeDecompressor(nint stream);

    [LibraryImport(Library, EntryPoint = "ZSTD_decompressStream")]
    private static partial nuint DecompressStream(nint stream, ref Buffer output, ref Buffer input);

    [LibraryImport(Library, EntryPoint = "ZSTD_compressBound")]
    private static partial nuint CompressBound(nuint bytes);

    [LibraryImport(Library, EntryPoint = "ZSTD_compress")]
    private static partial nuint Compress(byte* target, nuint targetBytes, byte* source, nuint sourceBytes, int level);

    [LibraryImport(Library, EntryPoint = "ZSTD_isError")]
    private static partial uint IsError(nuint code);
}
