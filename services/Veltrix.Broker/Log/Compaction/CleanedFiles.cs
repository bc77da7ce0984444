using System.Globalization;

namespace Veltrix.Broker.Log.Compaction;

/// <summary>
/// How a cleaned segment takes the place of the ones it was made of, so that a crash at any moment leaves the old ones or
/// the new one. BASE.log.cleaned is being written: rubbish after a crash. BASE-END.swap is whole: the segments from BASE up
/// to END go, then it becomes BASE.log; a start after a crash does that again.
/// </summary>
internal static class CleanedFiles
{
    private const string Cleaned = ".cleaned";
    private const string Swap = ".swap";

    public static string CleanedPath(string segmentPath) => segmentPath + Cleaned;

    public static string SwapPath(string directory, long baseOffset, long endOffset) =>
        Path.Combine(directory, $"{baseOffset:D20}-{endOffset:D20}{Swap}");

    /// <summary>Ends what a crash interrupted.</summary>
    public static void Recover(Disk disk, string directory)
    {
        foreach (var cleaned in Directory.GetFiles(directory, $"*{Cleaned}"))
            disk.Delete(cleaned);
        foreach (var swap in Directory.GetFiles(directory, $"*{Swap}"))
        {
            var name = Path.GetFileNameWithoutExtension(swap).Split('-');
            Complete(disk, swap, Parse(name[0]), Parse(name[1]));
        }
    }

    /// <summary>Removes the old segments, then puts the new one in their place.</summary>
    public static void Complete(Disk disk, string swap, long baseOffset, long endOffset)
    {
        var directory = Path.GetDirectoryName(swap)!;
        foreach (var segment in Directory.GetFiles(directory, $"*{Segment.Extension}"))
        {
            var offset = Parse(Path.GetFileNameWithoutExtension(segment));
            if (offset < baseOffset || offset >= endOffset)
                continue;
            disk.Delete(SegmentIndexFile.PathFor(segment));
            // The first is replaced by the rename.
            if (offset != baseOffset)
                disk.Delete(segment);
        }
        // They may not come back once nothing says any more that they have to go.
        disk.FlushDirectory(directory);
        disk.Move(swap, Path.Combine(directory, Segment.NameOf(baseOffset)));
        disk.FlushDirectory(directory);
    }

    private static long Parse(string offset) => long.Parse(offset, CultureInfo.InvariantCulture);
}
