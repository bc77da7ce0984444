using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Veltrix.Broker.Log;

/// <summary>
/// One of the commit journal's two files. It is written from the start again and again, over its old content: a file
/// that does not grow costs its sync no change of metadata. What counts as content is said by sequence numbers: the
/// header holds the first frame's, each further frame has the next.
/// </summary>
/// <remarks>Header, in a page of its own: kind, CRC-32C of the rest, version, first sequence (-1: empty).</remarks>
internal sealed class JournalFile(Disk disk, string path) : IDisposable
{
    public const int HeaderBytes = 4096;
    private const int UsedHeaderBytes = 20;
    private const long Empty = -1;
    private const uint Kind = 0x5658434A; // "VXCJ"
    private const int Version = 1;
    private SafeFileHandle? _file;
    private bool _nameIsDurable;

    public string Path => path;

    /// <summary>Where the next frame goes.</summary>
    public long Position { get; private set; }

    /// <summary>The last frame's sequence.</summary>
    public long LastSequence { get; set; } = Empty;

    /// <summary>The partitions whose bytes are in it.</summary>
    public HashSet<PartitionLog> Partitions { get; } = [];

    public bool HasFrames => Position > HeaderBytes;

    /// <summary>Starts over. Takes effect with the flush of the first frames.</summary>
    public void Begin(long firstSequence)
    {
        _file ??= disk.Open(path, FileMode.OpenOrCreate);
        WriteHeader(_file, firstSequence);
        Position = HeaderBytes;
    }

    public void Append(ReadOnlySpan<byte> frames)
    {
        disk.Write(_file!, frames, Position);
        Position += frames.Length;
    }

    public void Flush()
    {
        disk.Flush(_file!);
        if (_nameIsDurable)
            return;
        disk.FlushDirectory(System.IO.Path.GetDirectoryName(path)!);
        _nameIsDurable = true;
    }

    /// <summary>Says durably that nothing in it counts any more.</summary>
    public void Clear()
    {
        if (_file is not null || ReadFirstSequence(path) is not null)
        {
            _file ??= disk.Open(path, FileMode.Open);
            WriteHeader(_file, Empty);
            Flush();
        }
        Position = 0;
        Partitions.Clear();
    }

    public void Dispose() => _file?.Dispose();

    /// <summary>The first sequence of the file at a path; null when it is absent, empty or garbled.</summary>
    public static long? ReadFirstSequence(string path)
    {
        if (!File.Exists(path))
            return null;
        Span<byte> header = stackalloc byte[UsedHeaderBytes];
        using var file = File.OpenRead(path);
        if (file.ReadAtLeast(header, UsedHeaderBytes, throwOnEndOfStream: false) < UsedHeaderBytes)
            return null;
        if (
            BinaryPrimitives.ReadUInt32BigEndian(header) != Kind
            || BinaryPrimitives.ReadUInt32BigEndian(header[4..]) != BatchHeader.ComputeCrc(header[8..])
            || BinaryPrimitives.ReadInt32BigEndian(header[8..]) != Version
        )
            return null;
        var first = BinaryPrimitives.ReadInt64BigEndian(header[12..]);
        return first == Empty ? null : first;
    }

    private void WriteHeader(SafeFileHandle file, long firstSequence)
    {
        Span<byte> header = stackalloc byte[UsedHeaderBytes];
        BinaryPrimitives.WriteUInt32BigEndian(header, Kind);
        BinaryPrimitives.WriteInt32BigEndian(header[8..], Version);
        BinaryPrimitives.WriteInt64BigEndian(header[12..], firstSequence);
        BinaryPrimitives.WriteUInt32BigEndian(header[4..], BatchHeader.ComputeCrc(header[8..]));
        disk.Write(file, header, 0);
    }
}
