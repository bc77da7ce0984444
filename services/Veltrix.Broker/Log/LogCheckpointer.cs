namespace Veltrix.Broker.Log;

/// <summary>
/// In the background: syncs segments whose records are durable in the commit journal only, frees the journal, and notes
/// how far each partition is good, so that a start after a crash reads little.
/// </summary>
internal sealed partial class LogCheckpointer : IDisposable
{
    /// <summary>A partition with this much since its last checkpoint gets the next one.</summary>
    private const long PartitionBytes = 8 * 1024 * 1024;

    /// <summary>So much may be read again after a crash, of all partitions together, before smaller ones are due, too.</summary>
    private const long TotalBytes = 128 * 1024 * 1024;
    private const long LeastPartitionBytes = 64 * 1024;

    private const int ParallelCheckpoints = 4;
    private static readonly ParallelOptions Parallelism = new() { MaxDegreeOfParallelism = ParallelCheckpoints };

    private readonly Func<IEnumerable<PartitionLog>> _logs;
    private readonly CommitJournal _journal;
    private readonly TimeSpan _syncInterval;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Lock _gate = new();
    private readonly Thread _thread;
    private volatile bool _stopped;

    /// <param name="logs">All partitions.</param>
    /// <param name="journal">The journal to free.</param>
    /// <param name="syncInterval">How often everything is synced that nobody waits for; null: never.</param>
    /// <param name="logger">Hears what fails.</param>
    public LogCheckpointer(
        Func<IEnumerable<PartitionLog>> logs,
        CommitJournal journal,
        TimeSpan? syncInterval,
        ILogger logger
    )
    {
        _logs = logs;
        _journal = journal;
        _syncInterval = syncInterval ?? Timeout.InfiniteTimeSpan;
        _logger = logger;
        _thread = new Thread(Run) { IsBackground = true, Name = "log checkpointer" };
        _thread.Start();
    }

    /// <summary>Asks for a round; returns at once.</summary>
    public void Request()
    {
        lock (_gate)
        {
            if (!_stopped && _wake.CurrentCount == 0)
                _wake.Release();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_stopped)
                return;
            _stopped = true;
            if (_wake.CurrentCount == 0)
                _wake.Release();
        }
        _thread.Join();
        _wake.Dispose();
    }

    private void Run()
    {
        while (!_stopped)
        {
            var requested = _wake.Wait(_syncInterval);
            if (_stopped)
                return;
            try
            {
                if (requested)
                {
                    TrimJournal();
                    CheckpointLargest();
                }
                else
                {
                    Parallel.ForEach(_logs(), Parallelism, static log => log.Sync());
                }
            }
            catch (IOException error)
            {
                Log.Failed(_logger, error);
            }
        }
    }

    private void TrimJournal()
    {
        if (_journal.Freeze() is not { } frozen)
            return;
        var failed = 0;
        Parallel.ForEach(
            frozen,
            Parallelism,
            log =>
            {
                if (!log.Checkpoint())
                    Interlocked.Increment(ref failed);
            }
        );
        // What could not be synced stays in the journal, and is repaired from it at the next start.
        if (failed == 0)
            _journal.Trim();
    }

    private void CheckpointLargest()
    {
        var logs = _logs().ToList();
        var limit = logs.Sum(log => log.BytesSinceCheckpoint) > TotalBytes ? LeastPartitionBytes : PartitionBytes;
        Parallel.ForEach(
            logs.Where(log => log.BytesSinceCheckpoint >= limit),
            Parallelism,
            static log => log.Checkpoint()
        );
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Writing checkpoints failed; it is tried again")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
