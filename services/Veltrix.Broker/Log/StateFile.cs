using System.Buffers.Binary;

namespace Veltrix.Broker.Log;

/// <summary>
/// Small files that are written as a whole: four letters of kind, CRC-32C of the rest, the rest. A file that is
/// missing, cut or garbled reads as absent; everything in such files can be made again from the log.
/// </summary>
internal static class StateFile
{
    private const int HeaderBytes = 8;

    /// <summary>Writes a whole new file beside the old one, which it may replace (<see cref="Disk.PutInPlace"/>).</summary>
    public static void Draft(Disk disk, string path, uint kind, ReadOnlySpan<byte> content, bool isSynced) =>
        disk.Draft(path, WithHeader(kind, content), isSynced);

    public static byte[]? Load(string path, uint kind)
    {
        if (!File.Exists(path))
            return null;
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length < HeaderBytes || BinaryPrimitives.ReadUInt32BigEndian(bytes) != kind)
            return null;
        var content = bytes[HeaderBytes..];
        return BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(4)) == BatchHeader.ComputeCrc(content)
            ? content
            : null;
    }

    private static byte[] WithHeader(uint kind, ReadOnlySpan<byte> content)
    {
        var bytes = new byte[HeaderBytes + content.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, kind);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), BatchHeader.ComputeCrc(content));
        content.CopyTo(bytes.AsSpan(HeaderBytes));
        return bytes;
    }
}
