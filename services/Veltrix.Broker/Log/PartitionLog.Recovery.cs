namespace Veltrix.Broker.Log;

/// <summary>Opening, checkpoints and closing: how a partition comes back after a stop or a crash.</summary>
internal sealed partial class PartitionLog
{
    private const uint CheckpointKind = 0x56584332; // "VXC2"
    private const string CheckpointName = "checkpoint";

    /// <summary>After a crash at most this much of a partition is read again, to be back fast.</summary>
    private const long CheckpointIntervalBytes = 8 * 1024 * 1024;

    private long _checkpointedBytes;
    private long _appendedBytes;

    public PartitionLog(LogEnvironment environment, string directory, LogSettings settings, int leaderEpoch)
    {
        _environment = environment;
        _directory = directory;
        _name = Path.GetFileName(directory);
        _settings = settings;
        _leaderEpoch = leaderEpoch;
        _producers = new ProducerStates(environment.MaximumProducersPerPartition);
        _activeSince = environment.Time.GetUtcNow();
        Directory.CreateDirectory(directory);
        OpenSegments();
        Recover(LoadCheckpoint());
        _highWatermark = _logEndOffset;
    }

    /// <summary>
    /// Notes what is known up to the end of the log, so that a start needs to read only what comes after. Everything up
    /// to there is made durable first.
    /// </summary>
    public void Checkpoint(bool always)
    {
        byte[] content;
        long end;
        lock (_gate)
        {
            if (_closed || _failed)
                return;
            if (!always && _appendedBytes - _checkpointedBytes < CheckpointIntervalBytes)
                return;
            end = _appendedBytes;
            content = SaveState();
        }
        Flush();
        if (IsFailed)
            return;
        try
        {
            StateFile.Save(_environment.Disk, Path.Combine(_directory, CheckpointName), CheckpointKind, content);
            lock (_gate)
                _checkpointedBytes = end;
        }
        catch (IOException error)
        {
            Log.CheckpointFailed(_environment.Logger, error, _name);
        }
    }

    /// <summary>Closes the files; whoever waits for a record here is told that the partition is gone.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
        }
        Release(Protocol.ErrorCode.UnknownTopicOrPartition);
        lock (_gate)
        {
            foreach (var segment in _segments)
                segment.Dispose();
        }
    }

    /// <summary>Closes and removes all of it. The rename makes the removal atomic.</summary>
    public void Delete()
    {
        Dispose();
        var doomed = $"{_directory}.{Guid.NewGuid():N}{DeletedSuffix}";
        Directory.Move(_directory, doomed);
        Directory.Delete(doomed, recursive: true);
    }

    public const string DeletedSuffix = ".deleted";

    private void OpenSegments()
    {
        var files = Directory.GetFiles(_directory, $"*{Segment.Extension}");
        Array.Sort(files, StringComparer.Ordinal);
        foreach (var file in files)
            _segments.Add(new Segment(file, long.Parse(Path.GetFileNameWithoutExtension(file)), create: false));
        if (_segments.Count > 0)
            return;
        _segments.Add(new Segment(Path.Combine(_directory, Segment.NameOf(0)), 0, create: true));
        _environment.Disk.FlushDirectory(_directory);
    }

    private byte[] SaveState()
    {
        using var content = new MemoryStream();
        using var writer = new BinaryWriter(content);
        writer.Write(Active.BaseOffset);
        writer.Write(Active.Bytes);
        writer.Write(_logStartOffset);
        writer.Write(_logEndOffset);
        writer.Write(Active.MaximumTimestamp);
        var entries = Active.Index.Entries;
        writer.Write(entries.Length);
        foreach (var entry in entries)
        {
            writer.Write(entry.BaseOffset);
            writer.Write(entry.Position);
            writer.Write(entry.MaximumTimestampBefore);
        }
        _producers.Save(writer);
        _epochs.Save(writer);
        _transactions.Save(writer);
        return content.ToArray();
    }

    /// <summary>Takes over the checkpoint; says from which segment and position on the log must be read.</summary>
    private (int Segment, long Position) LoadCheckpoint()
    {
        _logStartOffset = _segments[0].BaseOffset;
        if (StateFile.Load(Path.Combine(_directory, CheckpointName), CheckpointKind) is not { } content)
            return (0, 0);
        using var reader = new BinaryReader(new MemoryStream(content));
        var baseOffset = reader.ReadInt64();
        var bytes = reader.ReadInt64();
        var segment = _segments.FindIndex(candidate => candidate.BaseOffset == baseOffset);
        if (segment < 0 || _segments[segment].Bytes < bytes)
            return (0, 0);

        _logStartOffset = Math.Max(_logStartOffset, reader.ReadInt64());
        _logEndOffset = reader.ReadInt64();
        var maximumTimestamp = reader.ReadInt64();
        var entries = new SparseIndex.Entry[reader.ReadInt32()];
        for (var index = 0; index < entries.Length; index++)
            entries[index] = new(reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
        _segments[segment].Restore(new SparseIndex(entries), maximumTimestamp);
        _producers.Load(reader);
        _epochs.Load(reader);
        _transactions.Load(reader);
        return (segment, bytes);
    }

    private void Recover((int Segment, long Position) from)
    {
        var position = from.Position;
        if (from == (0, 0))
            _logEndOffset = _segments[0].BaseOffset;
        for (var index = from.Segment; index < _segments.Count; index++, position = 0)
        {
            var segment = _segments[index];
            if (position == 0)
                segment.Restore(new SparseIndex(), -1);
            if (position == segment.Bytes && index == _segments.Count - 1)
                break;
            if (segment.BaseOffset < _logEndOffset && position == 0 || !RecoverSegment(segment, position))
            {
                DropSegmentsAfter(index);
                break;
            }
        }
    }

    /// <summary>Reads a segment's batches; false when it had to be cut off.</summary>
    private bool RecoverSegment(Segment segment, long position)
    {
        var scanner = new BatchScanner(segment.Handle, position, segment.Bytes, verifyCrc: true);
        while (scanner.Next(out var header))
        {
            // Offset and epoch stand outside of the checksum; offsets leave no gaps, and no epoch is ahead of ours.
            if (header.BaseOffset != _logEndOffset || header.LeaderEpoch < 0 || header.LeaderEpoch > _leaderEpoch)
                break;
            segment.Track(header.BaseOffset, scanner.Position, header.MaximumTimestamp);
            _producers.Remember(header);
            _transactions.Track(header);
            _epochs.Add(header.LeaderEpoch, header.BaseOffset);
            _logEndOffset = header.NextOffset;
        }
        var lost = segment.Bytes - scanner.Position;
        if (lost > 0)
        {
            Log.Truncated(_environment.Logger, _name, lost, _logEndOffset);
            segment.Truncate(scanner.Position);
        }
        // What a killed process wrote may be in the page cache only; it is shown to consumers from now on.
        _environment.Disk.Flush(segment.Handle);
        return lost == 0;
    }

    private void DropSegmentsAfter(int index)
    {
        foreach (var segment in _segments.Skip(index + 1))
            segment.Delete();
        _segments.RemoveRange(index + 1, _segments.Count - index - 1);
        _environment.Disk.FlushDirectory(_directory);
    }
}
