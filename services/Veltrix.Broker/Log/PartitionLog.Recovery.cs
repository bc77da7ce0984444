using System.Globalization;
using Veltrix.Broker.Log.Compaction;

namespace Veltrix.Broker.Log;

/// <summary>Opening, checkpoints and closing: how a partition comes back after a stop or a crash.</summary>
internal sealed partial class PartitionLog
{
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
        CleanedFiles.Recover(environment.Disk, directory);
        OpenSegments();
        Recover(LoadCheckpoint());
        _highWatermark = _logEndOffset;
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

    /// <summary>Closes and removes all of it.</summary>
    public void Delete() => Directory.Delete(Doom(), recursive: true);

    /// <summary>Closes it and takes its name away; gives the directory that is left to remove, now or at the next start.</summary>
    public string Doom()
    {
        Dispose();
        var doomed = $"{_directory}.{Guid.NewGuid():N}{DeletedSuffix}";
        // No checkpoint that is on its way may end in the directory of a partition that has the name after this one.
        lock (_environment.Checkpoints.OneAtATime)
            Directory.Move(_directory, doomed);
        return doomed;
    }

    public const string DeletedSuffix = ".deleted";

    private void OpenSegments()
    {
        var files = Directory.GetFiles(_directory, $"*{Segment.Extension}");
        Array.Sort(files, StringComparer.Ordinal);
        foreach (var file in files)
            _segments.Add(
                new Segment(
                    _environment.Disk,
                    file,
                    long.Parse(Path.GetFileNameWithoutExtension(file), CultureInfo.InvariantCulture),
                    create: false
                )
            );
        if (_segments.Count > 0)
            return;
        _segments.Add(new Segment(_environment.Disk, Path.Combine(_directory, Segment.NameOf(0)), 0, create: true));
        _environment.Disk.FlushDirectory(_directory);
    }

    private void Recover((int Segment, long Position) from)
    {
        var position = from.Position;
        var isCut = false;
        var isWhole = from == (0, 0);
        if (isWhole)
            _logEndOffset = _segments[0].BaseOffset;
        for (var index = from.Segment; index < _segments.Count; index++, position = 0)
        {
            var segment = _segments[index];
            if (position == 0)
                segment.Restore(new SparseIndex(), -1);
            _appendedBytes += segment.Bytes - position;
            if (position == 0 && !isCut && MayLeaveGap(segment.BaseOffset, isWhole && index > 0))
                _logEndOffset = segment.BaseOffset;
            if (position == 0 && segment.BaseOffset != _logEndOffset)
            {
                // Records between are missing, or there twice: what comes from here on cannot be trusted.
                Log.Dropped(_environment.Logger, _name, segment.BaseOffset, _logEndOffset);
                DropSegmentsFrom(index);
                break;
            }
            if (position == segment.Bytes && index == _segments.Count - 1)
                break;
            // What was cut off may be a batch that a full disk refused: then the next segment goes on where this one ends.
            // Compaction never touches the last segment, and none behind a checkpoint.
            isCut = !RecoverSegment(segment, position, isWhole && index < _segments.Count - 1);
        }
    }

    /// <summary>Whether compaction may have removed what should stand before the offset. It is known up to where it went, but for a lost checkpoint.</summary>
    private bool MayLeaveGap(long offset, bool isCompactable) =>
        offset > _logEndOffset && (offset <= _compactedEnd || (_settings.Compaction is not null && isCompactable));

    /// <summary>Reads a segment's batches; false when it had to be cut off.</summary>
    private bool RecoverSegment(Segment segment, long position, bool isCompactable)
    {
        var scanner = new BatchScanner(segment.Handle, position, segment.Bytes, verifyCrc: true);
        while (scanner.Next(out var header))
        {
            // Offset and epoch stand outside of the checksum; offsets leave no gaps but those of compaction, and no epoch is
            // ahead of ours.
            if (header.BaseOffset != _logEndOffset && !MayLeaveGap(header.BaseOffset, isCompactable))
                break;
            if (header.LeaderEpoch < 0 || header.LeaderEpoch > _leaderEpoch)
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
            segment.Truncate(_environment.Disk, scanner.Position);
        }
        // What a killed process wrote may be in the page cache only, and its name, too; it is shown from now on.
        _environment.Disk.Flush(segment.Handle);
        _environment.Disk.FlushDirectory(_directory);
        return lost == 0;
    }

    private void DropSegmentsFrom(int index)
    {
        foreach (var segment in _segments.Skip(index))
            segment.Delete(_environment.Disk);
        _segments.RemoveRange(index, _segments.Count - index);
        _environment.Disk.FlushDirectory(_directory);
    }

    /// <summary>Files that a crash kept from being deleted.</summary>
    private void DropSegmentsBeforeStart()
    {
        while (_segments.Count > 1 && _segments[1].BaseOffset <= _logStartOffset)
        {
            _segments[0].Delete(_environment.Disk);
            _segments.RemoveAt(0);
        }
    }
}
