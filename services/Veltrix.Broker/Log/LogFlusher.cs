using System.Diagnostics;

namespace Veltrix.Broker.Log;

/// <summary>
/// Group commit: one thread that makes durable whatever was written since its last round. While it waits for the disk,
/// further requests gather, so one round serves all of them; nobody waits longer than for the round under way and the next.
/// </summary>
internal sealed class LogFlusher : IDisposable
{
    /// <summary>So few are synced one after the other: nothing is quicker.</summary>
    private const int FewLogs = 2;

    /// <summary>More than these are never synced by themselves: the syncs of a round stay bounded (ADR 0014).</summary>
    private const int MaximumSyncs = 16;

    /// <summary>Above this mean size, writing the bytes a second time costs more than a sync for each partition.</summary>
    private const long BytesWorthASync = 128 * 1024;

    /// <summary>After so much, checkpoints are due before their time: it is what a crash would have to read again.</summary>
    private const long CheckpointBytes = 512 * 1024 * 1024;

    private readonly BrokerMetrics _metrics;
    private readonly Durability _durability;
    private readonly CommitJournal? _journal;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Thread _thread;
    private readonly List<PartitionLog> _logs = [];
    private List<IFlushable> _requested = [];
    private List<IFlushable> _flushing = [];
    private long _bytesSinceCheckpoint;
    private volatile bool _stopped;

    /// <param name="metrics">Where the rounds are counted.</param>
    /// <param name="durability">What a partition's records wait for.</param>
    /// <param name="journal">Where many partitions share a sync; null syncs each.</param>
    public LogFlusher(BrokerMetrics metrics, Durability durability = Durability.Group, CommitJournal? journal = null)
    {
        _metrics = metrics;
        _durability = durability;
        _journal = journal;
        _thread = new Thread(Run) { IsBackground = true, Name = "log flusher" };
        _thread.Start();
    }

    /// <summary>Called when segments should be synced and checkpoints written.</summary>
    public Action? CheckpointWanted { get; set; }

    public void Request(IFlushable target)
    {
        if (Interlocked.Exchange(ref target.FlushRequested, 1) == 1)
            return;
        lock (_gate)
        {
            _requested.Add(target);
            if (_requested.Count == 1 && _wake.CurrentCount == 0)
                _wake.Release();
        }
    }

    /// <summary>Serves what was requested and ends.</summary>
    public void Dispose()
    {
        if (_stopped)
            return;
        _stopped = true;
        lock (_gate)
        {
            if (_wake.CurrentCount == 0)
                _wake.Release();
        }
        _thread.Join();
        _wake.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            _wake.Wait();
            lock (_gate)
                (_requested, _flushing) = (_flushing, _requested);
            if (_flushing.Count > 0)
                Commit();
            else if (_stopped)
                return;
            lock (_gate)
            {
                if ((_stopped || _requested.Count > 0) && _wake.CurrentCount == 0)
                    _wake.Release();
            }
        }
    }

    private void Commit()
    {
        var started = Stopwatch.GetTimestamp();
        var bytes = 0L;
        foreach (var target in _flushing)
        {
            // Cleared first: what is written during the round asks for the next one.
            Volatile.Write(ref target.FlushRequested, 0);
            if (target is PartitionLog log)
            {
                bytes += log.Capture();
                _logs.Add(log);
            }
            else
            {
                target.Flush();
            }
        }
        CommitLogs(bytes);
        _bytesSinceCheckpoint += bytes;
        if (_journal is { WantsTrim: true } || _bytesSinceCheckpoint > CheckpointBytes)
        {
            _bytesSinceCheckpoint = 0;
            CheckpointWanted?.Invoke();
        }
        _logs.Clear();
        _flushing.Clear();
        _metrics.FlushDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private void CommitLogs(long bytes)
    {
        if (_durability != Durability.Group || IsJournalled(bytes))
        {
            foreach (var log in _logs)
                log.ConfirmCaptured();
        }
        else
        {
            // Not on several threads of the pool: waiting for the disk they would be missing where clients are served.
            if (_logs.Count > 1)
            {
                foreach (var log in _logs)
                    log.BeginSyncCaptured();
            }
            foreach (var log in _logs)
                log.SyncCaptured();
        }
    }

    private bool IsJournalled(long bytes)
    {
        if (_journal is null || _logs.Count <= FewLogs)
            return false;
        var syncsAreCheaper = _logs.Count <= MaximumSyncs && bytes > _logs.Count * BytesWorthASync;
        return !syncsAreCheaper && _journal.TryCommit(_logs, bytes);
    }
}
