using System.Diagnostics;

namespace Veltrix.Broker.Log;

/// <summary>
/// Group commit: one thread that syncs whatever was written since its last round. While it waits for the disk, further
/// requests gather, so one sync serves all of them; nobody waits longer than for the sync under way and the next.
/// </summary>
internal sealed class LogFlusher : IDisposable
{
    /// <summary>A disk serves several syncs at once; beyond a few the queue only moves into the kernel.</summary>
    private const int ParallelFlushes = 8;

    private readonly BrokerMetrics _metrics;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Thread _thread;
    private List<IFlushable> _requested = [];
    private List<IFlushable> _flushing = [];
    private volatile bool _stopped;

    public LogFlusher(BrokerMetrics metrics)
    {
        _metrics = metrics;
        _thread = new Thread(Run) { IsBackground = true, Name = "log flusher" };
        _thread.Start();
    }

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
                FlushAll();
            else if (_stopped)
                return;
            lock (_gate)
            {
                if ((_stopped || _requested.Count > 0) && _wake.CurrentCount == 0)
                    _wake.Release();
            }
        }
    }

    private void FlushAll()
    {
        var started = Stopwatch.GetTimestamp();
        if (_flushing.Count <= 2)
        {
            foreach (var target in _flushing)
                Flush(target);
        }
        else
        {
            Parallel.ForEach(_flushing, new ParallelOptions { MaxDegreeOfParallelism = ParallelFlushes }, Flush);
        }
        _flushing.Clear();
        _metrics.FlushDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private static void Flush(IFlushable target)
    {
        // Cleared first: what is written during the sync asks for the next one.
        Volatile.Write(ref target.FlushRequested, 0);
        target.Flush();
    }
}
