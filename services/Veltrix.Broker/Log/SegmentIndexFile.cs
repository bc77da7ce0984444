using System.Runtime.InteropServices;

namespace Veltrix.Broker.Log;

/// <summary>A finished segment's index on disk: segment length, largest timestamp, entries.</summary>
internal static class SegmentIndexFile
{
    private const uint Kind = 0x56584958; // "VXIX"

    public static string PathFor(string segmentPath) => Path.ChangeExtension(segmentPath, ".index");

    /// <summary>Waits for no disk: after a power loss the file may be absent or garbled.</summary>
    public static void Save(Disk disk, string segmentPath, long segmentBytes, SparseIndex index, long maximumTimestamp)
    {
        using var content = new MemoryStream();
        using var writer = new BinaryWriter(content);
        writer.Write(segmentBytes);
        writer.Write(maximumTimestamp);
        writer.Write(MemoryMarshal.AsBytes(index.Entries));
        StateFile.Draft(disk, PathFor(segmentPath), Kind, content.ToArray(), isSynced: false);
        disk.PutInPlace(PathFor(segmentPath));
    }

    public static (SparseIndex Index, long MaximumTimestamp)? Load(string segmentPath, long segmentBytes)
    {
        if (StateFile.Load(PathFor(segmentPath), Kind) is not { Length: >= 16 } content)
            return null;
        if (BitConverter.ToInt64(content, 0) != segmentBytes)
            return null;
        var entries = MemoryMarshal.Cast<byte, SparseIndex.Entry>(content.AsSpan(16));
        return (new SparseIndex(entries), BitConverter.ToInt64(content, 8));
    }
}
