using Microsoft.Win32.SafeHandles;

namespace Veltrix.Broker.Log;

/// <summary>
/// After a crash: writes the commit journal's bytes into the segments where they are missing. Doing it twice does no
/// harm; the segments are synced by the recovery of their partitions, and the journal is emptied after that.
/// </summary>
internal sealed class JournalReplay(Disk disk, Func<PartitionId, string?> directoryOf) : IDisposable
{
    private const int MaximumOpenSegments = 512;
    private readonly byte[] _frame = new byte[JournalFrame.HeaderBytes + JournalFrame.MaximumPayloadBytes];
    private readonly byte[] _present = new byte[JournalFrame.MaximumPayloadBytes];
    private readonly Dictionary<string, SafeFileHandle> _segments = new(StringComparer.Ordinal);
    private readonly HashSet<string> _directories = new(StringComparer.Ordinal);

    /// <summary>Bytes that a segment lacked.</summary>
    public long RestoredBytes { get; private set; }

    /// <summary>Replays what the journals in a directory hold, oldest first.</summary>
    public void Run(string directory)
    {
        var journals =
            from path in CommitJournal.PathsIn(directory)
            let first = JournalFile.ReadFirstSequence(path)
            where first is not null
            orderby first
            select (path, first.Value);
        foreach (var (path, first) in journals.ToList())
            ReplayFile(path, first);
        foreach (var touched in _directories)
            disk.FlushDirectory(touched);
    }

    public void Dispose()
    {
        foreach (var segment in _segments.Values)
            segment.Dispose();
        _segments.Clear();
    }

    private void ReplayFile(string path, long sequence)
    {
        using var file = disk.Open(path, FileMode.Open);
        for (var position = (long)JournalFile.HeaderBytes; ; sequence++)
        {
            var read = Fill(file, _frame, position);
            // The first frame that is cut, garbled or left over from before ends the journal: it was never committed.
            if (!JournalFrame.IsWhole(_frame.AsSpan(0, read)))
                return;
            var frame = new JournalFrame(_frame);
            if (frame.Sequence != sequence)
                return;
            Apply(frame);
            position += frame.TotalBytes;
        }
    }

    private void Apply(JournalFrame frame)
    {
        // A topic that was deleted since has no directory.
        if (directoryOf(frame.Partition) is not { } directory)
            return;
        var segment = Open(Path.Combine(directory, Segment.NameOf(frame.SegmentBaseOffset)));
        var present = Fill(segment, _present.AsSpan(0, frame.Payload.Length), frame.Position);
        if (frame.Payload.SequenceEqual(_present.AsSpan(0, present)))
            return;
        disk.Write(segment, frame.Payload, frame.Position);
        RestoredBytes += frame.Payload.Length;
        _directories.Add(directory);
    }

    private SafeFileHandle Open(string path)
    {
        if (_segments.TryGetValue(path, out var segment))
            return segment;
        if (_segments.Count == MaximumOpenSegments)
            Dispose();
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return _segments[path] = disk.Open(path, FileMode.OpenOrCreate);
    }

    private static int Fill(SafeFileHandle file, Span<byte> target, long position)
    {
        var total = 0;
        while (total < target.Length)
        {
            var count = RandomAccess.Read(file, target[total..], position + total);
            if (count == 0)
                break;
            total += count;
        }
        return total;
    }
}
