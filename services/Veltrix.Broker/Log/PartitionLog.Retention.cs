using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Log;

/// <summary>What is removed from a partition's beginning: always whole segments.</summary>
internal sealed partial class PartitionLog
{
    /// <summary>Removes segments that are too old or too many, and begins a new segment when the active one is old.</summary>
    public void ApplyRetention()
    {
        long start;
        try
        {
            start = RollAndFindStart(_environment.Time.GetUtcNow());
        }
        catch (IOException error)
        {
            Log.RetentionFailed(_environment.Logger, error, _name);
            return;
        }
        if (start > LogStartOffset && AdvanceStart(start) == ErrorCode.None)
            Log.Retained(_environment.Logger, _name, start);
    }

    /// <summary>
    /// Makes <paramref name="offset"/> the first offset that can be read, durably. Out of range when it is above the high
    /// watermark.
    /// </summary>
    public ErrorCode AdvanceStart(long offset)
    {
        lock (_environment.Checkpoints.OneAtATime)
        {
            lock (_gate)
            {
                if (_closed || offset > _highWatermark)
                    return ErrorCode.OffsetOutOfRange;
                if (offset <= _logStartOffset)
                    return ErrorCode.None;
            }
            // The new start is durable before any file goes, or a crash would bring back a part of the removed records.
            while (!_environment.Checkpoints.Save([this], offset))
            {
                // A full disk has no room for a checkpoint. The oldest file makes some; a crash leaves the log with it or without it.
                if (IsFailed || !TryRemoveOldest(offset))
                    return ErrorCode.KafkaStorageError;
            }
            MoveStart(offset, int.MaxValue).ForEach(TryDelete);
            return ErrorCode.None;
        }
    }

    private bool TryRemoveOldest(long offset)
    {
        try
        {
            // Compaction must not put the file back in between.
            lock (_gate)
            {
                if (_segments.Count == 1 || _segments[1].BaseOffset > offset)
                    return false;
                _segments[0].Delete(_environment.Disk);
                _environment.Disk.FlushDirectory(_directory);
                MoveStart(Math.Max(_logStartOffset, _segments[1].BaseOffset), count: 1);
                return true;
            }
        }
        catch (IOException error)
        {
            // Whether the file is there after a crash, nobody can say.
            Fail(error);
            return false;
        }
    }

    /// <summary>Gives the segments that are out of use from now on, at most so many.</summary>
    private List<Segment> MoveStart(long offset, int count)
    {
        lock (_gate)
        {
            Volatile.Write(ref _logStartOffset, offset);
            ForgetBefore(offset);
            var removed = _segments
                .Take(_segments.Count - 1)
                .Where((_, index) => _segments[index + 1].BaseOffset <= offset)
                .Take(count)
                .ToList();
            _segments.RemoveRange(0, removed.Count);
            return removed;
        }
    }

    private void ForgetBefore(long offset)
    {
        _epochs.TruncateBefore(offset);
        _transactions.TruncateBefore(offset);
    }

    private void TryDelete(Segment segment)
    {
        try
        {
            segment.Delete(_environment.Disk);
        }
        catch (IOException error)
        {
            Log.NotRemoved(_environment.Logger, error, _name);
        }
    }

    /// <summary>Compaction leaves the active segment alone, so that it must not stay active longer than records may stay uncompacted.</summary>
    private TimeSpan ActiveAge() =>
        _settings.Compaction is { } compaction && compaction.LongestAge < _settings.SegmentAge
            ? compaction.LongestAge
            : _settings.SegmentAge;

    private long RollAndFindStart(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_closed || _failed)
                return _logStartOffset;
            if (Active.Bytes > 0 && (now - _activeSince >= ActiveAge() || IsExpired(Active, now)))
                TryRoll();
            return StartAfterRetention(now);
        }
    }

    /// <summary>A full disk may have no room for a new file: what is old goes all the same.</summary>
    private void TryRoll()
    {
        try
        {
            Roll();
        }
        catch (IOException error)
        {
            Log.RollFailed(_environment.Logger, error, _name);
        }
    }

    private long StartAfterRetention(DateTimeOffset now)
    {
        var total = _segments.Sum(segment => segment.Bytes);
        var index = 0;
        for (; index < _segments.Count - 1; index++)
        {
            var segment = _segments[index];
            var tooMany =
                _settings.IsDeleted && _settings.RetentionBytes is { } limit && total - segment.Bytes >= limit;
            if (!tooMany && !IsExpired(segment, now))
                break;
            // Not durable yet means not shown to anybody yet: it stays.
            if (segment.DurableBytes < segment.Bytes)
                break;
            total -= segment.Bytes;
        }
        return _segments[index].BaseOffset;
    }

    private bool IsExpired(Segment segment, DateTimeOffset now) =>
        _settings is { IsDeleted: true, RetentionAge: { } age }
        && segment.Index is not null
        && segment.MaximumTimestamp >= 0
        && now.ToUnixTimeMilliseconds() - segment.MaximumTimestamp > age.TotalMilliseconds;
}
