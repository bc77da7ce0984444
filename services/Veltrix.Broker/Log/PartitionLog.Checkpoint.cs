namespace Veltrix.Broker.Log;

/// <summary>What a partition notes from time to time, so that a start needs to read only what came after.</summary>
internal sealed partial class PartitionLog
{
    private const uint CheckpointKind = 0x56584343; // "VXCC"
    private const string CheckpointName = "checkpoint";
    private readonly Lock _checkpointGate = new();
    private long _appendedBytes;
    private State _checkpointed;

    /// <summary>What a checkpoint is about: while this stays, there is nothing new to note.</summary>
    private readonly record struct State(
        long AppendedBytes,
        long StartOffset,
        long CompactedEnd,
        long ActiveBaseOffset
    );

    /// <summary>What a crash would make the next start read.</summary>
    public long BytesSinceCheckpoint
    {
        get
        {
            lock (_gate)
                return _appendedBytes - _checkpointed.AppendedBytes;
        }
    }

    /// <summary>
    /// Syncs the segments and notes durably what is known up to the end of the log. False when the disk refused: the
    /// checkpoint before stays in force.
    /// </summary>
    public bool Checkpoint()
    {
        lock (_checkpointGate)
        {
            try
            {
                return TryCheckpoint();
            }
            catch (IOException error)
            {
                Log.CheckpointFailed(_environment.Logger, error, _name);
                return false;
            }
        }
    }

    private bool TryCheckpoint()
    {
        byte[] content;
        List<(Segment Segment, long Bytes)> unsynced = [];
        State state;
        long names;
        lock (_gate)
        {
            if (_failed)
                return false;
            names = _namesChanged;
            state = new State(_appendedBytes, _logStartOffset, _compactedEnd, Active.BaseOffset);
            if (_closed || (state == _checkpointed && Active.IsSynced))
                return true;
            AddUnsynced(unsynced);
            content = SaveState();
        }
        if (!TrySync(unsynced, names))
            return false;
        StateFile.Save(_environment.Disk, Path.Combine(_directory, CheckpointName), CheckpointKind, content);
        lock (_gate)
            _checkpointed = state;
        SaveIndexes();
        return true;
    }

    private bool TrySync(List<(Segment Segment, long Bytes)> unsynced, long names)
    {
        try
        {
            Sync(unsynced, names);
            return true;
        }
        catch (IOException error)
        {
            Fail(error);
            return false;
        }
    }

    /// <summary>Indexes of finished segments: without them a start would have to read the segments once.</summary>
    private void SaveIndexes()
    {
        List<Segment> finished;
        lock (_gate)
            finished = _segments.FindAll(segment =>
                segment != Active && segment is { HasIndex: true, HasIndexFile: false }
            );
        foreach (var segment in finished)
            segment.SaveIndex(_environment.Disk);
    }

    private byte[] SaveState()
    {
        using var content = new MemoryStream();
        using var writer = new BinaryWriter(content);
        writer.Write(Active.BaseOffset);
        writer.Write(Active.Bytes);
        writer.Write(_logStartOffset);
        writer.Write(_compactedEnd);
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
        _logStartOffset = Math.Max(_logStartOffset, reader.ReadInt64());
        _compactedEnd = reader.ReadInt64();
        _checkpointed = new State(0, _logStartOffset, _compactedEnd, baseOffset);
        var segment = _segments.FindIndex(candidate => candidate.BaseOffset == baseOffset);
        if (segment < 0 || _segments[segment].Bytes < bytes)
            return (0, 0);

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
}
