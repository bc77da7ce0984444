using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Veltrix.Broker.Log;

/// <summary>
/// Small files that are written as a whole: four letters of kind, CRC-32C of the rest, the rest. A file that is
/// missing, cut or garbled reads as absent; what is in such files can be made again from the log, or stands in a second file.
/// </summary>
internal static class StateFile
{
    private const int HeaderBytes = 8;

    /// <summary>Writes the file in place: a crash may garble it. It is durable afterwards; its name in the directory may not be.</summary>
    public static void Overwrite(Disk disk, string path, uint kind, ReadOnlySpan<byte> content)
    {
        using var file = disk.Open(path, FileMode.OpenOrCreate);
        Write(disk, file, kind, content);
        disk.Flush(file);
    }

    /// <summary>Puts a whole new file in place, but waits for no disk: after a power loss it may be absent or garbled.</summary>
    public static void SaveLazily(Disk disk, string path, uint kind, ReadOnlySpan<byte> content)
    {
        var temporary = path + ".new";
        using (var file = disk.Open(temporary, FileMode.Create))
            Write(disk, file, kind, content);
        File.Move(temporary, path, overwrite: true);
    }

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

    private static void Write(Disk disk, SafeFileHandle file, uint kind, ReadOnlySpan<byte> content)
    {
        var bytes = new byte[HeaderBytes + content.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, kind);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), BatchHeader.ComputeCrc(content));
        content.CopyTo(bytes.AsSpan(HeaderBytes));
        disk.Write(file, bytes, 0);
        disk.SetLength(file, bytes.Length);
    }
}
