namespace Veltrix.Broker.Log;

/// <summary>What a partition notes from time to time, so that a start needs to read only what came after.</summary>
internal sealed partial class PartitionLog
{
    private const uint CheckpointKind = 0x56584343; // "VXCC"
    private const string CheckpointName = "checkpoint";
    private long _appendedBytes;
    private CheckpointContent _checkpointed;

    /// <summary>What a crash would make the next start read.</summary>
    public long BytesSinceCheckpoint
    {
        get
        {
            lock (_gate)
                return _appendedBytes - _checkpointed.AppendedBytes;
        }
    }

    /// <summary>Notes durably what is known up to the end of the log. False when the disk refused: the checkpoint before stays in force.</summary>
    public bool Checkpoint() => _environment.Checkpoints.Save([this]);

    /// <summary>Writes the next checkpoint, unless there is nothing new to note. False when the partition has failed.</summary>
    /// <param name="start">The first offset from now on; the one that it has when left out.</param>
    /// <param name="isSynced">Whether the draft is on stable storage on return.</param>
    /// <param name="draft">What was written. It counts when it is in place, and everything that was written to the log is synced.</param>
    /// <exception cref="IOException">The disk refused.</exception>
    public bool TryDraftCheckpoint(long? start, bool isSynced, out CheckpointDraft? draft)
    {
        draft = null;
        byte[] content;
        CheckpointContent noted;
        lock (_gate)
        {
            if (_failed)
                return false;
            noted = new(_appendedBytes, start ?? _logStartOffset, _compactedEnd, Active.BaseOffset);
            if (_closed || noted == _checkpointed)
                return true;
            content = SaveState(noted.StartOffset);
        }
        var path = Path.Combine(_directory, CheckpointName);
        StateFile.Draft(_environment.Disk, path, CheckpointKind, content, isSynced);
        draft = new CheckpointDraft(this, path, noted);
        return true;
    }

    /// <summary>The draft is the checkpoint now, durably.</summary>
    public void Take(CheckpointDraft draft)
    {
        lock (_gate)
            _checkpointed = draft.Noted;
        SaveIndexes();
    }

    /// <summary>Indexes of finished segments: without them a start would have to read the segments once.</summary>
    private void SaveIndexes()
    {
        List<Segment> finished;
        lock (_gate)
            finished = _segments.FindAll(segment =>
                segment != Active && segment is { HasIndex: true, HasIndexFile: false }
            );
        try
        {
            foreach (var segment in finished)
                segment.SaveIndex(_environment.Disk);
        }
        catch (IOException error)
        {
            Log.IndexFailed(_environment.Logger, error, _name);
        }
    }

    private byte[] SaveState(long startOffset)
    {
        using var content = new MemoryStream();
        using var writer = new BinaryWriter(content);
        writer.Write(Active.BaseOffset);
        writer.Write(Active.Bytes);
        writer.Write(startOffset);
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
        _checkpointed = new(0, _logStartOffset, _compactedEnd, baseOffset);
        DropSegmentsBeforeStart();
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
        ForgetBefore(_logStartOffset);
        return (segment, bytes);
    }
}
