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
    private List<FetchSignal> _signals = [];
    private LogSettings _settings;
    private long _logStartOffset;
    private long _logEndOffset;
    private long _highWatermark;
    private DateTimeOffset _activeSince;
    private bool _failed;
    private bool _closed;

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
    /// Appends one batch as it came over the wire, with offset, epoch and maximum timestamp set in place. <paramref name="waiter"/> hears
    /// when it is durable, unless the result is an error.
    /// </summary>
    public AppendResult Append(Span<byte> batch, IDurabilityWaiter? waiter, int slot)
    {
        var settings = Settings;
        var invalid = BatchValidation.CheckFrame(batch, settings.MaximumMessageBytes);
        if (invalid != ErrorCode.None)
            return AppendResult.Unread(invalid);
        var keyed = settings.Compaction is not null;
        invalid = _environment.Validation.CheckContent(batch, keyed, out var timestamps);
        if (invalid != ErrorCode.None)
            return new AppendResult(invalid, -1);
        var now = _environment.Time.GetUtcNow().ToUnixTimeMilliseconds();
        if (!settings.Timestamps.Allow(timestamps, now))
            return new AppendResult(ErrorCode.InvalidTimestamp, -1);
        // Retention and look-ups by time go by the header: what it says must be true.
        var isAppendTime = settings.Timestamps.IsAppendTime;
        BatchHeader.SetMaximumTimestamp(batch, isAppendTime ? now : timestamps.Latest, isAppendTime);
        lock (_gate)
        {
            if (_closed)
                return new AppendResult(ErrorCode.UnknownTopicOrPartition, -1);
            if (_failed)
                return new AppendResult(ErrorCode.KafkaStorageError, -1);
            var header = new BatchHeader(batch);
            var refused = _producers.Check(header, out var repeated);
            if (refused != ErrorCode.None)
                return new AppendResult(refused, -1);
            if (repeated is { } earlier)
            {
                Await(earlier.LastOffset + 1, waiter, slot);
                return new AppendResult(ErrorCode.None, earlier.BaseOffset)
                {
                    AppendTimestamp = isAppendTime ? AppendTimeOf(earlier.BaseOffset) : -1,
                };
            }
            refused = CheckTransaction(header);
            if (refused != ErrorCode.None)
                return header.IsTransactional ? AppendResult.Unread(refused) : new AppendResult(refused, -1);
            var result = Write(batch, waiter, slot);
            return isAppendTime && result.Error == ErrorCode.None ? result with { AppendTimestamp = now } : result;
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
        long following;
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
            var index = SegmentIndexOf(offset);
            segment = _segments[index];
            start = segment.Index.PositionBefore(offset);
            following = index + 1 < _segments.Count ? _segments[index + 1].BaseOffset : long.MaxValue;
        }
        try
        {
            var limit = segment.DurableBytes;
            var (position, firstBytes) = segment.Find(start, limit, offset);
            // Compaction may have removed a segment's last records: the next that there is stands in the segment behind.
            if (firstBytes == 0)
                return following < long.MaxValue
                    ? TryFind(following, maximumBytes, atLeastOne, out range)
                    : ErrorCode.None;
            var bytes = Math.Min(maximumBytes, limit - position);
            if (bytes < firstBytes)
                bytes = atLeastOne ? firstBytes : 0;
            range = new LogRange(segment, position, (int)bytes);
            return ErrorCode.None;
        }
        catch (ObjectDisposedException)
        {
            // Retention or compaction took the segment between the look-up and the read: look again.
            return TryFind(offset, maximumBytes, atLeastOne, out range);
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
            // A full disk: nothing of the batch was promised to anybody.
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

    /// <summary>Begins a new file. Its name is made durable with its first records, its index by the next checkpoint.</summary>
    private void Roll()
    {
        Active.CutTail(_environment.Disk);
        var path = Path.Combine(_directory, Segment.NameOf(_logEndOffset));
        _segments.Add(new Segment(_environment.Disk, path, _logEndOffset, create: true));
        _namesChanged++;
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

        [LoggerMessage(
            LogLevel.Error,
            "{Partition}: dropped the segments from {BaseOffset} on, because the log before them ends at {Offset}"
        )]
        public static partial void Dropped(ILogger logger, string partition, long baseOffset, long offset);

        [LoggerMessage(LogLevel.Information, "{Partition}: retention removed the records before {Offset}")]
        public static partial void Retained(ILogger logger, string partition, long offset);

        [LoggerMessage(LogLevel.Error, "{Partition}: a new segment could not be begun; it is tried again")]
        public static partial void RollFailed(ILogger logger, Exception error, string partition);

        [LoggerMessage(LogLevel.Error, "{Partition}: retention could not look into the segments; it is tried again")]
        public static partial void RetentionFailed(ILogger logger, Exception error, string partition);

        [LoggerMessage(
            LogLevel.Warning,
            "{Partition}: an index could not be written; the first look into the segment after the next start takes longer"
        )]
        public static partial void IndexFailed(ILogger logger, Exception error, string partition);

        [LoggerMessage(
            LogLevel.Error,
            "{Partition}: a segment that is out of use could not be removed; the next start removes it"
        )]
        public static partial void NotRemoved(ILogger logger, Exception error, string partition);

        [LoggerMessage(LogLevel.Error, "Reading {Partition} failed; the client is told")]
        public static partial void ReadFailed(ILogger logger, Exception error, string partition);
    }
}
