namespace Veltrix.Broker.Log.Compaction;

/// <summary>
/// Removes from logs what a later record of the same key replaced. One log at a time, with a fixed amount of memory: a log
/// with more keys than fit is cleaned in several goes.
/// </summary>
internal sealed partial class LogCompactor(LogEnvironment environment, long memoryBytes)
{
    private readonly Lock _oneAtATime = new();
    private KeyOffsets? _offsets;

    /// <summary>Compacts every log that is due, the dirtiest first.</summary>
    public void Run(IEnumerable<PartitionLog> logs, CancellationToken cancellation)
    {
        lock (_oneAtATime)
        {
            var due = logs.Select(log => (Log: log, Plan: log.PlanCompaction()))
                .Where(entry => entry.Plan is not null)
                .OrderByDescending(entry => entry.Plan!.DirtyRatio)
                .ToList();
            foreach (var (log, _) in due)
            {
                cancellation.ThrowIfCancellationRequested();
                TryCompact(log, cancellation);
            }
            // The memory is needed now and then only.
            _offsets = null;
        }
    }

    private void TryCompact(PartitionLog log, CancellationToken cancellation)
    {
        try
        {
            // Planned anew: time has passed. The checkpoint comes after the plan, so that it points behind whatever may change.
            if (log.PlanCompaction() is { } plan && log.Checkpoint())
                Compact(log, plan, cancellation);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or ObjectDisposedException)
        {
            Log.Failed(environment.Logger, error, log.Name);
        }
    }

    private void Compact(PartitionLog log, CompactionPlan plan, CancellationToken cancellation)
    {
        var before = plan.Segments.Sum(segment => segment.Bytes);
        var transactions = FindOutcomes(log, plan);
        var end = FillOffsets(plan, transactions, cancellation);
        if (end <= plan.FirstDirtyOffset)
            return;
        var cleaner = new BatchCleaner(
            _offsets!,
            transactions,
            log.IsLastSequence,
            environment.Time.GetUtcNow().ToUnixTimeMilliseconds(),
            (long)log.Settings.Compaction!.TombstoneAge.TotalMilliseconds,
            environment.MaximumBatchBytes
        );
        var after = 0L;
        foreach (var group in Groups(plan, end, log.Settings.SegmentBytes))
            after += CleanGroup(log, group, cleaner, cancellation);
        log.MarkCompacted(end);
        Log.Compacted(environment.Logger, log.Name, end, before, after);
    }

    /// <summary>Markers may stand behind the segments that are compacted: read up to the high watermark.</summary>
    private static TransactionOutcomes FindOutcomes(PartitionLog log, CompactionPlan plan)
    {
        var outcomes = new TransactionOutcomes();
        foreach (var segment in log.SegmentsFrom(plan.FirstDirtyOffset))
        {
            var scanner = new BatchScanner(segment.Handle, 0, segment.DurableBytes, verifyCrc: true);
            while (scanner.Next(out _))
                outcomes.Add(scanner.Batch);
        }
        return outcomes;
    }

    /// <summary>Notes the last offset of each key in the dirty segments; gives the offset up to which there was room.</summary>
    private long FillOffsets(CompactionPlan plan, TransactionOutcomes transactions, CancellationToken cancellation)
    {
        _offsets ??= new KeyOffsets(memoryBytes);
        _offsets.Clear();
        var records = new BatchRecords(environment.MaximumBatchBytes);
        foreach (var segment in plan.Segments)
        {
            var scanner = new BatchScanner(segment.Handle, 0, segment.Bytes, verifyCrc: true);
            while (scanner.Next(out var header))
            {
                cancellation.ThrowIfCancellationRequested();
                if (header.NextOffset <= plan.FirstDirtyOffset)
                    continue;
                // What is undecided may still be aborted, and must not displace anything.
                if (header.BaseOffset >= transactions.FirstUndecidedOffset)
                    return header.BaseOffset;
                if (header.IsControl || transactions.IsAborted(header))
                    continue;
                if (!TryNote(records.Open(scanner.Batch), header.BaseOffset))
                    return header.BaseOffset;
            }
        }
        return plan.EndOffset;
    }

    private bool TryNote(RecordReader reader, long baseOffset)
    {
        while (reader.Next(out var record))
        {
            if (record.HasKey && !_offsets!.TrySet(record.Key, baseOffset + record.OffsetDelta))
                return false;
        }
        return true;
    }

    /// <summary>Neighbours that fit one segment become one.</summary>
    private static IEnumerable<List<Segment>> Groups(CompactionPlan plan, long end, long segmentBytes)
    {
        var group = new List<Segment>();
        var bytes = 0L;
        foreach (var segment in plan.Segments.TakeWhile(segment => segment.BaseOffset < end))
        {
            if (group.Count > 0 && (bytes + segment.Bytes > segmentBytes || TooFar(group[0], segment)))
            {
                yield return group;
                (group, bytes) = ([], 0);
            }
            group.Add(segment);
            bytes += segment.Bytes;
        }
        if (group.Count > 0)
            yield return group;

        static bool TooFar(Segment first, Segment last) => last.BaseOffset - first.BaseOffset > int.MaxValue / 2;
    }

    private long CleanGroup(PartitionLog log, List<Segment> group, BatchCleaner cleaner, CancellationToken cancellation)
    {
        var path = CleanedFiles.CleanedPath(group[0].Path);
        try
        {
            using var writer = new SegmentWriter(environment.Disk, path);
            foreach (var segment in group)
                CleanSegment(segment, cleaner, writer, cancellation);
            writer.Finish();
            log.Replace(group, path, writer.Index, writer.MaximumTimestamp);
            return writer.Bytes;
        }
        finally
        {
            // Gone when it took the segments' place; else rubbish, and perhaps the reason why the disk is full.
            environment.Disk.Delete(path);
        }
    }

    private static void CleanSegment(
        Segment segment,
        BatchCleaner cleaner,
        SegmentWriter writer,
        CancellationToken cancellation
    )
    {
        var scanner = new BatchScanner(segment.Handle, 0, segment.Bytes, verifyCrc: true);
        while (scanner.Next(out _))
        {
            cancellation.ThrowIfCancellationRequested();
            var kept = cleaner.Clean(scanner.Batch);
            if (kept.Length > 0)
                writer.Write(kept);
        }
        if (scanner.NextPosition != segment.Bytes)
            throw new InvalidDataException($"{segment.Path} is garbled at {scanner.NextPosition}.");
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Information,
            "{Partition}: compacted up to offset {Offset}, from {Before} to {After} bytes"
        )]
        public static partial void Compacted(ILogger logger, string partition, long offset, long before, long after);

        [LoggerMessage(LogLevel.Error, "{Partition} could not be compacted; it stays as it is, and is tried again")]
        public static partial void Failed(ILogger logger, Exception error, string partition);
    }
}
