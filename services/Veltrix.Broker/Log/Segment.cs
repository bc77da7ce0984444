using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Veltrix.Broker.Log;

/// <summary>
/// One file of a partition: whole batches in offset order, as they came over the wire. Its owner's lock guards every
/// change; reading the file needs no lock.
/// </summary>
internal sealed class Segment : IDisposable
{
    public const string Extension = ".log";
    private const int ScanBytes = 64 * 1024;

    private readonly SafeFileHandle _file;
    private SparseIndex? _index;
    private long _durableBytes;
    private long _syncedBytes;

    // Its log, and everybody who is sending from it: the last of them closes the file.
    private int _holders = 1;
    private int _disposed;

    public Segment(Disk disk, string path, long baseOffset, bool create)
    {
        Path = path;
        BaseOffset = baseOffset;
        _file = disk.Open(path, create ? FileMode.Create : FileMode.Open);
        Bytes = create ? 0 : RandomAccess.GetLength(_file);
        _durableBytes = _syncedBytes = NotedBytes = Bytes;
        _index = create ? new SparseIndex() : null;
    }

    public string Path { get; }

    public long BaseOffset { get; }

    public SafeFileHandle Handle => _file;

    /// <summary>Bytes written.</summary>
    public long Bytes { get; private set; }

    /// <summary>Bytes that are acknowledged (on stable storage, unless durability says otherwise), and so may be shown to consumers.</summary>
    public long DurableBytes
    {
        get => Volatile.Read(ref _durableBytes);
        set => Volatile.Write(ref _durableBytes, value);
    }

    /// <summary>Whether everything written is on stable storage.</summary>
    public bool IsSynced => Volatile.Read(ref _syncedBytes) == Bytes;

    /// <summary>How far <see cref="PageCache"/> knows of it.</summary>
    public long NotedBytes { get; set; }

    /// <summary>Whether the index is in memory.</summary>
    public bool HasIndex => _index is not null;

    /// <summary>Whether the index file is known to be there.</summary>
    public bool HasIndexFile { get; private set; }

    /// <summary>The largest timestamp in the segment; -1 in an empty one.</summary>
    public long MaximumTimestamp { get; private set; } = -1;

    /// <summary>The index; an old segment's is read from its file, or made again, when somebody asks.</summary>
    public SparseIndex Index => _index ?? LoadIndex();

    public static string NameOf(long baseOffset) => $"{baseOffset:D20}{Extension}";

    public void Append(Disk disk, ReadOnlySpan<byte> batch)
    {
        try
        {
            disk.Write(_file, batch, Bytes);
        }
        catch (IOException)
        {
            // A full disk took a part of it, which is room for something smaller. What cannot be cut off now is when the file ends.
            TryCutTail(disk);
            throw;
        }
        var header = new BatchHeader(batch);
        Track(header.BaseOffset, Bytes, header.MaximumTimestamp);
        Bytes += batch.Length;
    }

    /// <summary>Cuts off what a failed write left behind the end: the file ends here, and its length says what it holds.</summary>
    public void CutTail(Disk disk)
    {
        if (RandomAccess.GetLength(_file) > Bytes)
            disk.SetLength(_file, Bytes);
    }

    public void BeginSync(Disk disk)
    {
        try
        {
            disk.BeginFlush(_file);
        }
        catch (ObjectDisposedException)
        {
            // Closed meanwhile; the sync itself will say so.
        }
    }

    /// <summary>Makes the file durable, at least the first <paramref name="bytes"/>.</summary>
    public void Sync(Disk disk, long bytes)
    {
        if (Volatile.Read(ref _syncedBytes) >= bytes)
            return;
        try
        {
            disk.Flush(_file);
        }
        catch (ObjectDisposedException)
        {
            // Retention removed it meanwhile, or the partition was closed: nobody waits for it any more.
        }
        MarkSynced(bytes);
    }

    /// <summary>Notes that a sync covered the first <paramref name="bytes"/>. The flusher's alone.</summary>
    public void MarkSynced(long bytes)
    {
        if (bytes > _syncedBytes)
            Volatile.Write(ref _syncedBytes, bytes);
    }

    /// <summary>Gives back the pages in memory that hold a part of the file.</summary>
    public void Forget(Disk disk, long position, long bytes)
    {
        try
        {
            disk.Forget(_file, position, bytes);
        }
        catch (ObjectDisposedException)
        {
            // Removed or closed meanwhile: its pages have gone with it, or do soon.
        }
    }

    /// <summary>Makes an entry for a batch that stands in the file already.</summary>
    public void Track(long baseOffset, long position, long maximumTimestamp)
    {
        Index.Add(baseOffset, position, MaximumTimestamp);
        MaximumTimestamp = Math.Max(MaximumTimestamp, maximumTimestamp);
    }

    public void Restore(SparseIndex index, long maximumTimestamp)
    {
        _index = index;
        MaximumTimestamp = maximumTimestamp;
    }

    public void Truncate(Disk disk, long bytes)
    {
        disk.SetLength(_file, bytes);
        // It may fit the file's length again one day, and not its content.
        disk.Delete(SegmentIndexFile.PathFor(Path));
        Bytes = bytes;
        DurableBytes = Math.Min(DurableBytes, bytes);
        Volatile.Write(ref _syncedBytes, Math.Min(_syncedBytes, bytes));
        NotedBytes = Math.Min(NotedBytes, bytes);
    }

    public int Read(Span<byte> target, long position) => ReadFully(_file, target, position);

    /// <summary>
    /// The batch that holds <paramref name="offset"/>, or the next one when there is a gap, looked for from
    /// <paramref name="position"/> (of the index) on; 0 bytes when there is none before <paramref name="limitBytes"/>.
    /// </summary>
    public (long Position, long TotalBytes) Find(long position, long limitBytes, long offset) =>
        Scan(position, limitBytes, offset, static (header, wanted) => header.NextOffset > wanted);

    /// <summary>The first batch that holds a record of <paramref name="timestamp"/> or later.</summary>
    public (long Position, long TotalBytes) FindTimestamp(long position, long limitBytes, long timestamp) =>
        Scan(position, limitBytes, timestamp, static (header, wanted) => header.MaximumTimestamp >= wanted);

    /// <summary>Writes the index beside the segment, so that a later start needs not read the segment for it.</summary>
    public void SaveIndex(Disk disk)
    {
        SegmentIndexFile.Save(disk, Path, Bytes, Index, MaximumTimestamp);
        HasIndexFile = true;
    }

    /// <summary>Keeps the file open until <see cref="Release"/>, though retention or compaction may take it. False when they have.</summary>
    public bool TryHold()
    {
        for (var holders = Volatile.Read(ref _holders); holders > 0; holders = Volatile.Read(ref _holders))
        {
            if (Interlocked.CompareExchange(ref _holders, holders + 1, holders) == holders)
                return true;
        }
        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
            _file.Dispose();
    }

    public void Delete(Disk disk)
    {
        Dispose();
        disk.Delete(Path);
        disk.Delete(SegmentIndexFile.PathFor(Path));
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            Release();
    }

    private void TryCutTail(Disk disk)
    {
        try
        {
            CutTail(disk);
        }
        catch (IOException)
        {
            // The next batch overwrites it, and a new file is begun only behind one that could be cut.
        }
    }

    private delegate bool Wanted(BatchHeader header, long value);

    private (long Position, long TotalBytes) Scan(long position, long limitBytes, long value, Wanted wanted)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ScanBytes);
        try
        {
            while (position < limitBytes)
            {
                var window = buffer.AsSpan(0, Read(buffer.AsSpan(0, ScanBytes), position));
                var start = 0;
                while (window.Length - start >= BatchHeader.SizeBytes && position + start < limitBytes)
                {
                    var header = new BatchHeader(window[start..]);
                    if (wanted(header, value))
                        return (position + start, header.TotalBytes);
                    if (header.TotalBytes < BatchHeader.SizeBytes)
                        throw new InvalidDataException($"{Path} holds no batch at {position + start}.");
                    start = (int)Math.Min(start + header.TotalBytes, int.MaxValue);
                }
                if (start == 0)
                    break;
                position += start;
            }
            return (limitBytes, 0);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private SparseIndex LoadIndex()
    {
        if (SegmentIndexFile.Load(Path, Bytes) is { } saved)
        {
            HasIndexFile = true;
            Restore(saved.Index, saved.MaximumTimestamp);
            return saved.Index;
        }
        var index = new SparseIndex();
        var maximumTimestamp = -1L;
        var scanner = new BatchScanner(_file, 0, Bytes, verifyCrc: false);
        while (scanner.Next(out var header))
        {
            index.Add(header.BaseOffset, scanner.Position, maximumTimestamp);
            maximumTimestamp = Math.Max(maximumTimestamp, header.MaximumTimestamp);
        }
        Restore(index, maximumTimestamp);
        return index;
    }

    private static int ReadFully(SafeFileHandle file, Span<byte> target, long position)
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
