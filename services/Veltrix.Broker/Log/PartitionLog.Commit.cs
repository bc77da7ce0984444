using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Log;

/// <summary>
/// How appended records become durable. A round of the flusher captures what is new, makes it durable in one of two ways,
/// and confirms it: then the high watermark moves and producers are answered.
/// </summary>
internal sealed partial class PartitionLog
{
    private readonly Queue<Waiter> _waiters = new();

    // What the flusher's round under way is about; nobody else touches these.
    private readonly List<(Segment Segment, long From, long To)> _captured = [];
    private readonly List<Waiter> _confirmed = [];
    private List<FetchSignal> _signalled = [];
    private long _capturedEnd;
    private long _capturedNames;

    // Files created or renamed in the directory, and how many of these names are durable.
    private long _namesChanged;
    private long _namesDurable;
    private int _flushRequested;

    private readonly record struct Waiter(long Offset, IDurabilityWaiter Target, int Slot);

    public ref int FlushRequested => ref _flushRequested;

    public void Flush()
    {
        Capture();
        SyncCaptured();
    }

    /// <summary>Notes what the round has to make durable; gives its size in bytes.</summary>
    public long Capture()
    {
        _captured.Clear();
        var bytes = 0L;
        lock (_gate)
        {
            _capturedEnd = _logEndOffset;
            _capturedNames = _namesChanged;
            if (_failed || _closed)
                return 0;
            for (var index = _segments.Count - 1; index >= 0; index--)
            {
                var segment = _segments[index];
                // An empty segment was just begun: the one before it may still be dirty.
                if (segment.Bytes == segment.DurableBytes && segment.Bytes > 0)
                    break;
                _captured.Add((segment, segment.DurableBytes, segment.Bytes));
                bytes += segment.Bytes - segment.DurableBytes;
            }
        }
        return bytes;
    }

    /// <summary>Copies what was captured into the commit journal, whose sync then makes it durable.</summary>
    /// <exception cref="IOException">The segment cannot be read, or the journal not be written.</exception>
    public void JournalCaptured(CommitJournal journal)
    {
        for (var index = _captured.Count - 1; index >= 0; index--)
        {
            var (segment, from, to) = _captured[index];
            journal.Append(Id, segment, from, to);
        }
    }

    /// <summary>Lets the disk begin with what <see cref="SyncCaptured"/> will wait for.</summary>
    public void BeginSyncCaptured()
    {
        foreach (var (segment, _, _) in _captured)
            segment.BeginSync(_environment.Disk);
    }

    /// <summary>Makes what was captured durable in the segments themselves.</summary>
    public void SyncCaptured()
    {
        try
        {
            foreach (var (segment, _, to) in _captured)
                segment.Sync(_environment.Disk, to);
            SyncNames(_capturedNames);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            Fail(error);
            return;
        }
        ConfirmCaptured();
    }

    /// <summary>What was captured is durable: shows it to consumers and answers its producers.</summary>
    public void ConfirmCaptured()
    {
        lock (_gate)
        {
            if (_failed || _closed)
                return;
            foreach (var (segment, _, to) in _captured)
                segment.DurableBytes = Math.Max(segment.DurableBytes, to);
            Volatile.Write(ref _highWatermark, Math.Max(_highWatermark, _capturedEnd));
            while (_waiters.TryPeek(out var waiter) && waiter.Offset <= _highWatermark)
                _confirmed.Add(_waiters.Dequeue());
            (_signals, _signalled) = (_signalled, _signals);
        }
        foreach (var waiter in _confirmed)
            waiter.Target.OnDurable(waiter.Slot, ErrorCode.None);
        foreach (var signal in _signalled)
            signal.Set();
        _confirmed.Clear();
        _signalled.Clear();
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

    /// <summary>Makes names in the directory durable, as far as they had changed when <paramref name="changes"/> was read.</summary>
    private void SyncNames(long changes)
    {
        if (Volatile.Read(ref _namesDurable) >= changes)
            return;
        _environment.Disk.FlushDirectory(_directory);
        Volatile.Write(ref _namesDurable, changes);
    }

    private void Fail(Exception error)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            Volatile.Write(ref _failed, true);
        }
        Log.FlushFailed(_environment.Logger, error, _name);
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
            signals = [.. _signals];
            _signals.Clear();
        }
        foreach (var waiter in waiters)
            waiter.Target.OnDurable(waiter.Slot, error);
        foreach (var signal in signals)
            signal.Set();
    }
}
