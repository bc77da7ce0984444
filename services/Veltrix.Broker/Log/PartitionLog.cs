using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Log;

/// <summary>
/// One partition: its segments, what is durable of them, and what it knows of producers and epochs. Records become
/// visible and are acknowledged only when they are on stable storage: the high watermark is what the disk confirmed.
/// </summary>
internal sealed partial class PartitionLog : IFlushable, IDisposable
{
    private readonly Lock _gate = new();
    private readonly LogEnvironment _environment;
    private readonly string _directory;
    private readonly string _name;
    private readonly int _leaderEpoch;
    private readonly List<Segment> _segments = [];
    private readonly ProducerStates _producers;
    private readonly LeaderEpochs _epochs = new();
    private readonly Queue<Waiter> _waiters = new();
    private List<FetchSignal> _signals = [];
    private LogSettings _settings;
    private long _logStartOffset;
    private long _logEndOffset;
    private long _highWatermark;
    private DateTimeOffset _activeSince;
    private bool _failed;
    private bool _closed;
    private int _flushRequested;

    private readonly record struct Waiter(long Offset, IDurabilityWaiter Target, int Slot);

    public ref int FlushRequested => ref _flushRequested;

    public int LeaderEpoch => _leaderEpoch;

    public long LogStartOffset => Volatile.Read(ref _logStartOffset);

    public long LogEndOffset => Volatile.Read(ref _logEndOffset);

    public long HighWatermark => Volatile.Read(ref _highWatermark);

    /// <summary>Whether the disk failed: nothing is taken or given any more until the broker starts again.</summary>
    public bool IsFailed => Volatile.Read(ref _failed);

    public long TotalBytes
    {
        get
        {
            lock (_gate)
                return _segments.Sum(segment => segment.Bytes);
        }
    }

    private Segment Active => _segments[^1];

    public void Configure(LogSettings settings)
    {
        lock (_gate)
            _settings = settings;
    }

    /// <summary>
    /// Appends one batch as it came over the wire, with offset and epoch set in place. <paramref name="waiter"/> hears
    /// when it is durable, unless the result is an error.
    /// </summary>
    public AppendResult Append(Span<byte> batch, IDurabilityWaiter? waiter, int slot)
    {
        var invalid = BatchValidation.Check(batch, Volatile.Read(ref _settings).MaximumMessageBytes);
        if (invalid != ErrorCode.None)
            return new AppendResult(invalid, -1);
        lock (_gate)
        {
            if (_closed)
                return new AppendResult(ErrorCode.UnknownTopicOrPartition, -1);
            if (_failed)
                return new AppendResult(ErrorCode.KafkaStorageError, -1);
            var refused = _producers.Check(new BatchHeader(batch), out var repeated);
            if (refused != ErrorCode.None)
                return new AppendResult(refused, -1);
            if (repeated is { } earlier)
            {
                Await(earlier.LastOffset + 1, waiter, slot);
                return new AppendResult(ErrorCode.None, earlier.BaseOffset);
            }
            refused = CheckTransaction(new BatchHeader(batch));
            if (refused != ErrorCode.None)
                return new AppendResult(refused, -1);
            return Write(batch, waiter, slot);
        }
    }

    /// <summary>
    /// The batches from <paramref name="offset"/> on that are durable. The first batch is given whole even beyond
    /// <paramref name="maximumBytes"/> when <paramref name="atLeastOne"/>, so that no consumer gets stuck (KIP-74).
    /// </summary>
    public ErrorCode TryFind(long offset, int maximumBytes, bool atLeastOne, out LogRange range)
    {
        range = default;
        Segment segment;
        long start;
        lock (_gate)
        {
            if (_failed)
                return ErrorCode.KafkaStorageError;
            if (_closed)
                return ErrorCode.UnknownTopicOrPartition;
            if (offset < _logStartOffset || offset > _logEndOffset)
                return ErrorCode.OffsetOutOfRange;
            if (offset >= _highWatermark)
                return ErrorCode.None;
            segment = _segments[SegmentIndexOf(offset)];
            start = segment.Index.PositionBefore(offset);
        }
        try
        {
            var limit = segment.DurableBytes;
            var (position, firstBytes) = segment.Find(start, limit, offset);
            if (firstBytes == 0)
                return ErrorCode.None;
            var bytes = Math.Min(maximumBytes, limit - position);
            if (bytes < firstBytes)
                bytes = atLeastOne ? firstBytes : 0;
            range = new LogRange(segment, position, (int)bytes);
            return ErrorCode.None;
        }
        catch (ObjectDisposedException)
        {
            // Retention took the segment between the look-up and the read.
            return ErrorCode.OffsetOutOfRange;
        }
    }

    /// <summary>Calls <paramref name="signal"/> when the high watermark passes <paramref name="offset"/>, or the partition ends.</summary>
    public void Watch(FetchSignal signal, long offset)
    {
        lock (_gate)
        {
            if (_highWatermark <= offset && !_failed && !_closed)
            {
                _signals.Add(signal);
                return;
            }
        }
        signal.Set();
    }

    public void Unwatch(FetchSignal signal)
    {
        lock (_gate)
            _signals.Remove(signal);
    }

    /// <summary>Offset and timestamp of the first durable batch that reaches <paramref name="timestamp"/>; null when none does.</summary>
    /// <remarks>Early by at most a batch: finding the very record would need every compression codec.</remarks>
    public (long Offset, long Timestamp)? FindTimestamp(long timestamp)
    {
        var candidates = new List<(Segment Segment, long Start)>();
        lock (_gate)
        {
            foreach (var segment in _segments)
            {
                var index = segment.Index;
                if (segment.MaximumTimestamp >= timestamp)
                    candidates.Add((segment, index.PositionBeforeTimestamp(timestamp)));
            }
        }
        Span<byte> bytes = stackalloc byte[BatchHeader.SizeBytes];
        foreach (var (segment, start) in candidates)
        {
            var (position, found) = segment.FindTimestamp(start, segment.DurableBytes, timestamp);
            if (found == 0)
                continue;
            segment.Read(bytes, position);
            var header = new BatchHeader(bytes);
            return (Math.Max(header.BaseOffset, LogStartOffset), header.MaximumTimestamp);
        }
        return null;
    }

    /// <summary>Offset of the batch with the largest timestamp, and that timestamp; null in an empty partition.</summary>
    public (long Offset, long Timestamp)? FindMaximumTimestamp()
    {
        long maximum;
        lock (_gate)
            maximum = _segments.Max(segment => segment.Index is null ? -1 : segment.MaximumTimestamp);
        return maximum < 0 ? null : FindTimestamp(maximum);
    }

    public (int Epoch, long EndOffset) EndOfEpoch(int epoch)
    {
        lock (_gate)
            return _epochs.EndOf(epoch, _leaderEpoch, _logEndOffset);
    }

    public int EpochAt(long offset)
    {
        lock (_gate)
            return _epochs.At(offset);
    }

    public void Flush()
    {
        long end;
        var dirty = new List<(Segment Segment, long Bytes)>(2);
        lock (_gate)
        {
            if (_failed || _closed)
                return;
            end = _logEndOffset;
            for (var index = _segments.Count - 1; index >= 0; index--)
            {
                var segment = _segments[index];
                // An empty segment was just begun: the one before it may still be dirty.
                if (segment.Bytes == segment.DurableBytes && segment.Bytes > 0)
                    break;
                dirty.Add((segment, segment.Bytes));
            }
        }
        try
        {
            foreach (var (segment, _) in dirty)
                _environment.Disk.Flush(segment.Handle);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            Fail(error);
            return;
        }
        Confirm(end, dirty);
    }

    private AppendResult Write(Span<byte> batch, IDurabilityWaiter? waiter, int slot)
    {
        var baseOffset = _logEndOffset;
        try
        {
            if (Active.Bytes > 0 && Active.Bytes + batch.Length > _settings.SegmentBytes)
                Roll();
            BatchHeader.SetBaseOffset(batch, baseOffset);
            BatchHeader.SetLeaderEpoch(batch, _leaderEpoch);
            if (Active.Bytes == 0)
                _activeSince = _environment.Time.GetUtcNow();
            Active.Append(_environment.Disk, batch);
            _appendedBytes += batch.Length;
        }
        catch (IOException error)
        {
            // A full disk: half a batch may stand behind the end, where the next append overwrites it and recovery
            // cuts it off. Nothing was promised for it.
            Log.WriteFailed(_environment.Logger, error, _name);
            return new AppendResult(ErrorCode.KafkaStorageError, -1);
        }
        var header = new BatchHeader(batch);
        _producers.Remember(header);
        _transactions.Track(header);
        _epochs.Add(_leaderEpoch, baseOffset);
        Volatile.Write(ref _logEndOffset, header.NextOffset);
        Await(header.NextOffset, waiter, slot);
        return new AppendResult(ErrorCode.None, baseOffset);
    }

    private void Await(long offset, IDurabilityWaiter? waiter, int slot)
    {
        if (offset <= _highWatermark)
        {
            waiter?.OnDurable(slot, ErrorCode.None);
            return;
        }
        if (waiter is not null)
            _waiters.Enqueue(new Waiter(offset, waiter, slot));
        _environment.Flusher.Request(this);
    }

    private void Roll()
    {
        var path = Path.Combine(_directory, Segment.NameOf(_logEndOffset));
        var next = new Segment(path, _logEndOffset, create: true);
        try
        {
            _environment.Disk.FlushDirectory(_directory);
            Active.SaveIndex(_environment.Disk);
        }
        catch (IOException)
        {
            next.Delete();
            throw;
        }
        _segments.Add(next);
    }

    private void Confirm(long end, List<(Segment Segment, long Bytes)> flushed)
    {
        List<FetchSignal> signals;
        var done = new List<Waiter>();
        lock (_gate)
        {
            foreach (var (segment, bytes) in flushed)
                segment.DurableBytes = Math.Max(segment.DurableBytes, bytes);
            Volatile.Write(ref _highWatermark, Math.Max(_highWatermark, end));
            while (_waiters.TryPeek(out var waiter) && waiter.Offset <= _highWatermark)
                done.Add(_waiters.Dequeue());
            (signals, _signals) = (_signals, []);
        }
        foreach (var waiter in done)
            waiter.Target.OnDurable(waiter.Slot, ErrorCode.None);
        foreach (var signal in signals)
            signal.Set();
    }

    private void Fail(Exception error)
    {
        Log.FlushFailed(_environment.Logger, error, _name);
        lock (_gate)
            Volatile.Write(ref _failed, true);
        Release(ErrorCode.KafkaStorageError);
    }

    private void Release(ErrorCode error)
    {
        List<Waiter> waiters;
        List<FetchSignal> signals;
        lock (_gate)
        {
            waiters = [.. _waiters];
            _waiters.Clear();
            (signals, _signals) = (_signals, []);
        }
        foreach (var waiter in waiters)
            waiter.Target.OnDurable(waiter.Slot, error);
        foreach (var signal in signals)
            signal.Set();
    }

    private int SegmentIndexOf(long offset)
    {
        var (low, high) = (0, _segments.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_segments[middle].BaseOffset <= offset)
                low = middle;
            else
                high = middle - 1;
        }
        return low;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Writing to {Partition} failed; the producer is told, nothing was acknowledged")]
        public static partial void WriteFailed(ILogger logger, Exception error, string partition);

        [LoggerMessage(
            LogLevel.Critical,
            "Syncing {Partition} failed: what was written may not be on disk, so the partition stops until the broker starts again"
        )]
        public static partial void FlushFailed(ILogger logger, Exception error, string partition);

        [LoggerMessage(
            LogLevel.Warning,
            "{Partition}: cut off {Bytes} bytes behind offset {Offset} that are no whole batch"
        )]
        public static partial void Truncated(ILogger logger, string partition, long bytes, long offset);

        [LoggerMessage(LogLevel.Information, "{Partition}: retention removed the records before {Offset}")]
        public static partial void Retained(ILogger logger, string partition, long offset);

        [LoggerMessage(
            LogLevel.Warning,
            "{Partition}: the checkpoint could not be written; a start after a crash takes longer"
        )]
        public static partial void CheckpointFailed(ILogger logger, Exception error, string partition);
    }
}
