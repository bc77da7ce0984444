namespace Veltrix.Broker.Log;

/// <summary>
/// Makes any number of partitions durable with one sync: what was appended to each since its last commit is copied into
/// one file, and that is synced. The segments themselves are synced later, in the background; until then a crash is
/// repaired from the journal (ADR 0014). Two files take turns: one is written while the other's segments are synced.
/// </summary>
internal sealed partial class CommitJournal : IDisposable
{
    private const int BufferBytes = 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly ILogger _logger;
    private readonly long _maximumFileBytes;
    private readonly JournalFile[] _files;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _buffered;
    private int _active;
    private volatile bool _otherIsFrozen;
    private bool _activeIsTorn;
    private bool _failed;
    private long _nextSequence;
    private long _trimmedThrough = -1;

    /// <param name="starts">How often the broker has started: sequences of this run are above those of all before.</param>
    public CommitJournal(Disk disk, string directory, int starts, ILogger logger, long maximumFileBytes)
    {
        _logger = logger;
        _maximumFileBytes = maximumFileBytes;
        _files = [.. PathsIn(directory).Select(path => new JournalFile(disk, path))];
        _nextSequence = (long)starts << 40;
    }

    /// <summary>Frames up to this sequence are dead: no recovery will write their bytes again.</summary>
    public long TrimmedThrough => Volatile.Read(ref _trimmedThrough);

    /// <summary>Whether a full file waits for <see cref="Freeze"/> and <see cref="Trim"/>.</summary>
    public bool WantsTrim => _otherIsFrozen;

    public static IEnumerable<string> PathsIn(string directory) =>
        [Path.Combine(directory, "commit-0.journal"), Path.Combine(directory, "commit-1.journal")];

    /// <summary>
    /// Makes what the partitions captured durable. False when there is no room, or the journal's own file fails: the
    /// segments have to be synced instead.
    /// </summary>
    /// <param name="logs">Partitions, each with what it captured for this round.</param>
    /// <param name="bytes">Bytes captured, of all of them together.</param>
    public bool TryCommit(List<PartitionLog> logs, long bytes)
    {
        var needed = bytes + (logs.Count + bytes / JournalFrame.MaximumPayloadBytes + 1) * 2 * JournalFrame.HeaderBytes;
        lock (_gate)
        {
            if (_failed || JournalFile.HeaderBytes + needed > _maximumFileBytes)
                return false;
            if ((_activeIsTorn || _files[_active].Position + needed > _maximumFileBytes) && !TryRotate())
                return false;
            return TryWrite(logs) && TryFlush();
        }
    }

    /// <summary>Copies a range of a segment into the round under way.</summary>
    public void Append(PartitionId partition, Segment segment, long from, long to)
    {
        while (from < to)
        {
            if (BufferBytes - _buffered <= JournalFrame.HeaderBytes)
                WriteBuffer();
            var room = Math.Min(BufferBytes - _buffered - JournalFrame.HeaderBytes, JournalFrame.MaximumPayloadBytes);
            var payloadBytes = (int)Math.Min(to - from, room);
            var frame = _buffer.AsSpan(_buffered, JournalFrame.HeaderBytes + payloadBytes);
            if (segment.Read(frame[JournalFrame.HeaderBytes..], from) != payloadBytes)
                throw new IOException($"{segment.Path} is shorter than what was written to it.");
            JournalFrame.Complete(frame, partition, _nextSequence, segment.BaseOffset, from);
            segment.JournalSequence = _nextSequence++;
            _buffered += frame.Length;
            from += payloadBytes;
        }
    }

    /// <summary>
    /// Ends writing to the file in use, unless the other one is not trimmed yet. Gives the partitions to checkpoint
    /// before <see cref="Trim"/>; null when there is nothing to trim.
    /// </summary>
    public IReadOnlyCollection<PartitionLog>? Freeze()
    {
        lock (_gate)
        {
            if (!_otherIsFrozen && (!_files[_active].HasFrames || !TryRotate()))
                return null;
            return _files[1 - _active].Partitions;
        }
    }

    /// <summary>Frees the frozen file: every segment that it has bytes of is synced.</summary>
    public void Trim()
    {
        // Nobody else touches a frozen file, and none is frozen twice.
        var file = _files[1 - _active];
        file.Clear();
        lock (_gate)
        {
            Volatile.Write(ref _trimmedThrough, file.LastSequence);
            _otherIsFrozen = false;
        }
    }

    /// <summary>Empties both files, when all segments are synced and nothing commits.</summary>
    public void Reset()
    {
        foreach (var file in _files)
            file.Clear();
    }

    public void Dispose()
    {
        foreach (var file in _files)
            file.Dispose();
    }

    private bool TryRotate()
    {
        if (_otherIsFrozen)
            return false;
        _files[_active].LastSequence = _nextSequence - 1;
        _active = 1 - _active;
        _otherIsFrozen = true;
        _activeIsTorn = false;
        return true;
    }

    private bool TryWrite(List<PartitionLog> logs)
    {
        var file = _files[_active];
        _buffered = 0;
        try
        {
            if (!file.HasFrames)
                file.Begin(_nextSequence);
            foreach (var log in logs)
            {
                log.JournalCaptured(this);
                file.Partitions.Add(log);
            }
            WriteBuffer();
            return true;
        }
        catch (IOException error)
        {
            // A full disk, most likely. Frames behind a torn one would not be found: this file waits for its trim.
            _activeIsTorn = true;
            Log.WriteFailed(_logger, error);
            return false;
        }
    }

    private bool TryFlush()
    {
        try
        {
            _files[_active].Flush();
            return true;
        }
        catch (IOException error)
        {
            _failed = true;
            Log.FlushFailed(_logger, error);
            return false;
        }
    }

    private void WriteBuffer()
    {
        if (_buffered > 0)
            _files[_active].Append(_buffer.AsSpan(0, _buffered));
        _buffered = 0;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Writing to the commit journal failed; the partitions are synced one by one")]
        public static partial void WriteFailed(ILogger logger, Exception error);

        [LoggerMessage(
            LogLevel.Critical,
            "Syncing the commit journal failed: it is not used until the broker starts again; the partitions are synced one by one"
        )]
        public static partial void FlushFailed(ILogger logger, Exception error);
    }
}
