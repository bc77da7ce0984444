using System.Diagnostics;

namespace Veltrix.Broker.Log;

/// <summary>
/// Group commit: one thread that makes durable whatever was written since its last round. While it waits for the disk,
/// further requests gather, so one round serves all of them; nobody waits longer than for the round under way and the next.
/// Nobody else syncs what it looks after: the system reports a failed write once to each open file, and it must be the one
/// who confirms that hears of it.
/// </summary>
internal sealed class LogFlusher : IDisposable
{
    /// <summary>More files than these share one sync of the file system (ADR 0014).</summary>
    public const int MaximumFileSyncs = 4;

    /// <summary>Where only files can be synced: a disk serves several at once; beyond a few the queue only moves into the kernel.</summary>
    private const int ParallelSyncs = 8;

    private readonly BrokerMetrics _metrics;
    private readonly Durability _durability;
    private readonly TimeSpan _interval;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Thread _thread;
    private readonly HashSet<IFlushable> _unsynced = [];
    private readonly List<SyncRequest> _syncs = [];
    private FileSystem? _fileSystem;
    private List<IFlushable> _requested = [];
    private List<IFlushable> _flushing = [];
    private bool _ended;
    private volatile bool _stopped;
    private long _rounds;
    private long _sharedRounds;

    private sealed record SyncRequest(IReadOnlyCollection<IFlushable> Targets, ManualResetEventSlim Done);

    /// <param name="metrics">Where the rounds are timed.</param>
    /// <param name="durability">What whoever waits is to wait for.</param>
    /// <param name="interval">With durability interval: the time between syncs.</param>
    /// <param name="fileSystem">What many files are synced by together; null syncs each. Disposed by the flusher.</param>
    public LogFlusher(
        BrokerMetrics metrics,
        Durability durability = Durability.Group,
        TimeSpan interval = default,
        FileSystem? fileSystem = null
    )
    {
        _metrics = metrics;
        _durability = durability;
        _interval = durability == Durability.Interval ? interval : Timeout.InfiniteTimeSpan;
        _fileSystem = fileSystem;
        _thread = new Thread(Run) { IsBackground = true, Name = "log flusher" };
        _thread.Start();
    }

    /// <summary>What it has done so far.</summary>
    public SyncRounds Rounds => new(Volatile.Read(ref _rounds), Volatile.Read(ref _sharedRounds));

    public void Request(IFlushable target)
    {
        if (Interlocked.Exchange(ref target.FlushRequested, 1) == 1)
            return;
        lock (_gate)
        {
            _requested.Add(target);
            if (_requested.Count == 1)
                Wake();
        }
    }

    /// <summary>
    /// Waits until everything that the targets have written was synced, whatever durability says, or failed. False when the
    /// flusher has ended.
    /// </summary>
    public bool Sync(IReadOnlyCollection<IFlushable> targets)
    {
        using var done = new ManualResetEventSlim();
        lock (_gate)
        {
            if (_ended)
                return false;
            _syncs.Add(new SyncRequest(targets, done));
            Wake();
        }
        done.Wait();
        return true;
    }

    /// <summary>Serves what was requested and ends.</summary>
    public void Dispose()
    {
        if (_stopped)
            return;
        _stopped = true;
        lock (_gate)
            Wake();
        _thread.Join();
        _wake.Dispose();
        _fileSystem?.Dispose();
    }

    private void Run()
    {
        var lastSync = Stopwatch.GetTimestamp();
        while (true)
        {
            _wake.Wait(UntilNextSync(lastSync));
            SyncRequest[] syncs;
            lock (_gate)
            {
                (_requested, _flushing) = (_flushing, _requested);
                syncs = [.. _syncs];
                _syncs.Clear();
                _ended = _stopped && _flushing.Count == 0 && syncs.Length == 0;
            }
            foreach (var target in _flushing)
            {
                // Cleared first: what is written during the round asks for the next one.
                Volatile.Write(ref target.FlushRequested, 0);
            }
            if (_durability == Durability.Group)
                Commit(_flushing, syncs);
            else
                Acknowledge(syncs);
            _flushing.Clear();
            foreach (var sync in syncs)
                sync.Done.Set();
            if (_unsynced.Count > 0 && (_ended || UntilNextSync(lastSync) == TimeSpan.Zero))
            {
                Commit([.. _unsynced]);
                _unsynced.Clear();
                lastSync = Stopwatch.GetTimestamp();
            }
            if (_ended)
                return;
            lock (_gate)
            {
                if (_stopped || _requested.Count > 0 || _syncs.Count > 0)
                    Wake();
            }
        }
    }

    /// <summary>Under the lock.</summary>
    private void Wake()
    {
        if (!_ended && _wake.CurrentCount == 0)
            _wake.Release();
    }

    private TimeSpan UntilNextSync(long lastSync)
    {
        if (_unsynced.Count == 0)
            return Timeout.InfiniteTimeSpan;
        var left = _interval - Stopwatch.GetElapsedTime(lastSync);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private void Acknowledge(SyncRequest[] syncs)
    {
        foreach (var target in _flushing)
        {
            target.Acknowledge();
            if (_durability == Durability.Interval)
                _unsynced.Add(target);
        }
        Commit([], syncs);
    }

    private void Commit(List<IFlushable> targets, SyncRequest[] syncs) =>
        Commit(syncs.Length == 0 ? targets : [.. targets.Union(syncs.SelectMany(sync => sync.Targets))]);

    private void Commit(List<IFlushable> targets)
    {
        if (targets.Count == 0)
            return;
        var started = Stopwatch.GetTimestamp();
        var files = 0;
        foreach (var target in targets)
            files += target.Capture();
        var isShared = files > MaximumFileSyncs;
        if (isShared && _fileSystem is not null)
            SyncTogether(_fileSystem, targets);
        else if (isShared)
            SyncInParallel(targets);
        else
            SyncFew(targets);
        Volatile.Write(ref _rounds, _rounds + 1);
        if (isShared)
            Volatile.Write(ref _sharedRounds, _sharedRounds + 1);
        _metrics.FlushDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private void SyncTogether(FileSystem fileSystem, List<IFlushable> targets)
    {
        try
        {
            fileSystem.Sync();
        }
        catch (IOException error)
        {
            foreach (var target in targets)
                target.Fail(error);
            // The system reports an error once. It may have hit a file that is not part of this round, and only a sync
            // of that very file will still say so.
            fileSystem.Dispose();
            _fileSystem = null;
            return;
        }
        foreach (var target in targets)
            target.Confirm();
    }

    private static void SyncFew(List<IFlushable> targets)
    {
        if (targets.Count > 1)
        {
            foreach (var target in targets)
                target.BeginSync();
        }
        foreach (var target in targets)
            SyncOne(target);
    }

    private static void SyncInParallel(List<IFlushable> targets)
    {
        var next = -1;
        // Threads of their own: those of the pool, waiting for the disk, would be missing where clients are served.
        Task.WaitAll(
            Enumerable
                .Range(0, Math.Min(ParallelSyncs, targets.Count))
                .Select(_ => Task.Factory.StartNew(SyncSome, TaskCreationOptions.LongRunning))
        );

        void SyncSome()
        {
            while (Interlocked.Increment(ref next) is var index && index < targets.Count)
                SyncOne(targets[index]);
        }
    }

    private static void SyncOne(IFlushable target)
    {
        try
        {
            target.Sync();
        }
        catch (IOException error)
        {
            target.Fail(error);
            return;
        }
        target.Confirm();
    }
}
