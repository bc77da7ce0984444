using Microsoft.Win32.SafeHandles;

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
    private const long TotalBytes = 512 * 1024 * 1024;
    private const long LeastPartitionBytes = 64 * 1024;

    private readonly Disk _disk;
    private readonly SafeFileHandle? _directory;
    private readonly Func<IEnumerable<PartitionLog>> _logs;
    private readonly CommitJournal _journal;
    private readonly TimeSpan _syncInterval;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Lock _gate = new();
    private readonly Thread _thread;
    private volatile bool _stopped;

    /// <param name="disk">Where everything is.</param>
    /// <param name="directory">The directory of all partitions.</param>
    /// <param name="logs">All partitions.</param>
    /// <param name="journal">The journal to free.</param>
    /// <param name="syncInterval">How often everything is synced that nobody waits for; null: never.</param>
    /// <param name="logger">Hears what fails.</param>
    public LogCheckpointer(
        Disk disk,
        string directory,
        Func<IEnumerable<PartitionLog>> logs,
        CommitJournal journal,
        TimeSpan? syncInterval,
        ILogger logger
    )
    {
        _disk = disk;
        _directory = disk.TryOpenDirectory(directory);
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
        _directory?.Dispose();
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
                    SyncEach(_logs());
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
        // What could not be synced stays in the journal, and is repaired from it at the next start.
        if (TrySyncTogether(frozen) || SyncEach(frozen))
            _journal.Trim();
    }

    /// <summary>One sync for a thousand partitions. It takes in what others write to that file system; nobody waits for it here.</summary>
    private bool TrySyncTogether(IReadOnlyCollection<PartitionLog> logs)
    {
        if (_directory is null)
            return false;
        var captured = logs.Select(log => (Log: log, Files: log.CaptureUnsynced())).ToList();
        if (captured.Exists(entry => entry.Log.IsFailed) || !_disk.TryFlushFileSystem(_directory))
            return false;
        foreach (var (log, files) in captured)
            log.MarkSynced(files);
        return true;
    }

    private static bool SyncEach(IEnumerable<PartitionLog> logs)
    {
        var good = true;
        foreach (var log in logs)
            good &= log.Sync();
        return good;
    }

    private void CheckpointLargest()
    {
        var logs = _logs().ToList();
        var limit = logs.Sum(log => log.BytesSinceCheckpoint) > TotalBytes ? LeastPartitionBytes : PartitionBytes;
        foreach (var log in logs)
        {
            if (log.BytesSinceCheckpoint >= limit)
                log.Checkpoint();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Writing checkpoints failed; it is tried again")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
