using Veltrix.Broker.Log.Compaction;

namespace Veltrix.Broker.Log;

/// <summary>What compaction needs of a partition.</summary>
internal sealed partial class PartitionLog
{
    private long _compactedEnd;

    public string Name => _name;

    public LogSettings Settings => Volatile.Read(ref _settings);

    /// <summary>What there is to compact now; null when it is not due.</summary>
    public CompactionPlan? PlanCompaction()
    {
        var now = _environment.Time.GetUtcNow();
        lock (_gate)
        {
            if (_failed || _closed || _settings.Compaction is not { } compaction)
                return null;
            var segments = _segments.Take(_segments.Count - 1).TakeWhile(IsCompactable).ToList();
            if (segments.Count == 0)
                return null;
            var end = _segments[segments.Count].BaseOffset;
            var dirty = segments.Where((_, index) => _segments[index + 1].BaseOffset > _compactedEnd).ToList();
            var total = segments.Sum(segment => segment.Bytes);
            if (dirty.Count == 0 || total == 0)
                return null;
            var ratio = dirty.Sum(segment => segment.Bytes) / (double)total;
            var overdue = dirty.Exists(segment => AgeOf(segment) > compaction.LongestAge);
            return ratio >= compaction.LeastDirtyRatio || overdue
                ? new CompactionPlan(segments, Math.Max(_compactedEnd, dirty[0].BaseOffset), end, ratio)
                : null;

            // Transactions that have not ended are found in the batches themselves (TransactionOutcomes).
            bool IsCompactable(Segment segment) =>
                segment.IsSynced && segment.DurableBytes == segment.Bytes && AgeOf(segment) >= compaction.LeastAge;

            TimeSpan AgeOf(Segment segment) =>
                segment.Index is not null && segment.MaximumTimestamp >= 0
                    ? TimeSpan.FromMilliseconds(now.ToUnixTimeMilliseconds() - segment.MaximumTimestamp)
                    : TimeSpan.MaxValue;
        }
    }

    /// <summary>The segments that hold the offset and everything after it.</summary>
    public IReadOnlyList<Segment> SegmentsFrom(long offset)
    {
        lock (_gate)
            return [.. _segments.Skip(SegmentIndexOf(offset))];
    }

    public bool IsLastSequence(long producerId, int sequence)
    {
        lock (_gate)
            return _producers.IsLast(producerId, sequence);
    }

    /// <summary>Puts a cleaned and synced file in the place of the segments that it was made of.</summary>
    /// <exception cref="IOException">The disk refused. The old segments stay; once some of them are gone, the partition stops.</exception>
    public void Replace(IReadOnlyList<Segment> old, string cleanedPath, SparseIndex index, long maximumTimestamp)
    {
        lock (_gate)
        {
            var first = _segments.IndexOf(old[0]);
            // Retention or the topic's deletion was quicker.
            if (_closed || _failed || first < 0 || !_segments.Skip(first).Take(old.Count).SequenceEqual(old))
                return;
            var (start, end) = (old[0].BaseOffset, _segments[first + old.Count].BaseOffset);
            var swap = CleanedFiles.SwapPath(_directory, start, end);
            _environment.Disk.Move(cleanedPath, swap);
            try
            {
                _environment.Disk.FlushDirectory(_directory);
                CleanedFiles.Complete(_environment.Disk, swap, start, end);
                var path = Path.Combine(_directory, Segment.NameOf(start));
                var cleaned = new Segment(_environment.Disk, path, start, create: false);
                cleaned.Restore(index, maximumTimestamp);
                _segments.RemoveRange(first, old.Count);
                _segments.Insert(first, cleaned);
            }
            catch (IOException error)
            {
                // Whatever stands in the directory now, the next start completes the swap; one more would come in its way.
                Fail(error);
                throw;
            }
        }
        foreach (var segment in old)
            segment.Dispose();
    }

    /// <summary>Everything before an offset has been compacted.</summary>
    public void MarkCompacted(long endOffset)
    {
        lock (_gate)
        {
            _compactedEnd = endOffset;
            // No record of what was aborted before is left.
            _transactions.TruncateBefore(endOffset);
        }
        Checkpoint();
    }
}
