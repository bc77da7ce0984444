using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Log;

/// <summary>
/// How appended records become durable. A round of the flusher captures what is new, has it synced, and confirms it: then
/// the high watermark moves and producers are answered. Nothing else syncs a segment.
/// </summary>
internal sealed partial class PartitionLog
{
    private readonly Queue<Waiter> _waiters = new();

    // What the flusher's round under way is about; nobody else touches these.
    private readonly List<(Segment Segment, long Bytes)> _captured = [];
    private readonly List<Waiter> _confirmed = [];
    private List<FetchSignal> _signalled = [];
    private long _capturedEnd;
    private long _capturedNames;

    // Files created in the directory since the broker started, and how many of these names are durable.
    private long _namesChanged;
    private long _namesDurable;
    private int _flushRequested;

    private readonly record struct Waiter(long Offset, IDurabilityWaiter Target, int Slot);

    public ref int FlushRequested => ref _flushRequested;

    public void Acknowledge()
    {
        _captured.Clear();
        lock (_gate)
        {
            _capturedEnd = _logEndOffset;
            Add(static segment => segment.DurableBytes == segment.Bytes);
        }
        MoveHighWatermark();
    }

    public int Capture()
    {
        _captured.Clear();
        lock (_gate)
        {
            _capturedEnd = _logEndOffset;
            _capturedNames = _namesChanged;
            if (_failed || _closed)
                return 0;
            Add(static segment => segment.IsSynced);
        }
        return _captured.Count + (_namesDurable < _capturedNames ? 1 : 0);
    }

    public void BeginSync()
    {
        foreach (var (segment, _) in _captured)
            segment.BeginSync(_environment.Disk);
    }

    public void Sync()
    {
        foreach (var (segment, bytes) in _captured)
            segment.Sync(_environment.Disk, bytes);
        if (_namesDurable < _capturedNames)
            _environment.Disk.FlushDirectory(_directory);
    }

    public void Confirm()
    {
        foreach (var (segment, bytes) in _captured)
            segment.MarkSynced(bytes);
        _namesDurable = _capturedNames;
        MoveHighWatermark();
        foreach (var (segment, bytes) in _captured)
            _environment.PageCache.Note(segment, bytes);
    }

    public void Fail(IOException error)
    {
        lock (_gate)
        {
            if (_closed || _failed)
                return;
            Volatile.Write(ref _failed, true);
        }
        Log.FlushFailed(_environment.Logger, error, _name);
        Release(ErrorCode.KafkaStorageError);
    }

    private void MoveHighWatermark()
    {
        lock (_gate)
        {
            if (_failed || _closed)
                return;
            foreach (var (segment, bytes) in _captured)
                segment.DurableBytes = Math.Max(segment.DurableBytes, bytes);
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

    /// <summary>Captures the segments at the end of which not everything is done yet, oldest first. Under the lock.</summary>
    private void Add(Func<Segment, bool> isDone)
    {
        // It is done from the oldest to the newest, so behind one that is done nothing is left. An empty one was just begun.
        var first = _segments.Count - 1;
        while (first > 0 && (!isDone(_segments[first - 1]) || _segments[first - 1].Bytes == 0))
            first--;
        for (var index = first; index < _segments.Count; index++)
        {
            if (!isDone(_segments[index]))
                _captured.Add((_segments[index], _segments[index].Bytes));
        }
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
