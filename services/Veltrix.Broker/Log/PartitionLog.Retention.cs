using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Log;

/// <summary>What is removed from a partition's beginning: always whole segments.</summary>
internal sealed partial class PartitionLog
{
    /// <summary>Removes segments that are too old or too many, and begins a new segment when the active one is old.</summary>
    public void ApplyRetention()
    {
        var now = _environment.Time.GetUtcNow();
        long start;
        lock (_gate)
        {
            if (_closed || _failed)
                return;
            if (Active.Bytes > 0 && (now - _activeSince >= ActiveAge() || IsExpired(Active, now)))
                TryRoll();
            start = StartAfterRetention(now);
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
        List<Segment> removed = [];
        lock (_gate)
        {
            if (_closed || offset > _highWatermark)
                return ErrorCode.OffsetOutOfRange;
            if (offset <= _logStartOffset)
                return ErrorCode.None;
            Volatile.Write(ref _logStartOffset, offset);
            while (_segments.Count > 1 && _segments[1].BaseOffset <= offset)
            {
                removed.Add(_segments[0]);
                _segments.RemoveAt(0);
            }
            _epochs.TruncateBefore(offset);
            _transactions.TruncateBefore(offset);
        }
        // The new start is durable before any file goes, or a crash would bring half of the removed records back. Without
        // it the files stay; the next start of the broker begins before them.
        if (!Checkpoint())
            return ErrorCode.KafkaStorageError;
        foreach (var segment in removed)
            segment.Delete();
        return ErrorCode.None;
    }

    /// <summary>Compaction leaves the active segment alone, so that it must not stay active longer than records may stay uncompacted.</summary>
    private TimeSpan ActiveAge() =>
        _settings.Compaction is { } compaction && compaction.LongestAge < _settings.SegmentAge
            ? compaction.LongestAge
            : _settings.SegmentAge;

    private void TryRoll()
    {
        try
        {
            Roll();
        }
        catch (IOException error)
        {
            Log.WriteFailed(_environment.Logger, error, _name);
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
