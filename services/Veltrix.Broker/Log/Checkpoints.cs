namespace Veltrix.Broker.Log;

/// <summary>
/// Puts checkpoints of partitions in place, in a few steps for all of them: drafts are written, the flusher syncs what they
/// speak of, they are synced, they take the names of the ones before, the names are synced. A crash in between leaves of
/// each the old one or the new one.
/// </summary>
/// <param name="disk">Where they are written.</param>
/// <param name="flusher">Syncs the logs.</param>
/// <param name="logger">Hears of what cannot be written.</param>
/// <param name="fileSystem">
/// What many files are synced by together; null syncs each. Not the flusher's: the system reports an error once to each
/// who holds it, and this one must not take from the flusher what it has to hear.
/// </param>
internal sealed partial class Checkpoints(Disk disk, LogFlusher flusher, ILogger logger, FileSystem? fileSystem)
    : IDisposable
{
    /// <summary>More files than these share one sync of the file system (ADR 0014).</summary>
    private const int MaximumFileSyncs = 4;

    /// <summary>Held while checkpoints are made, and by whoever changes what one of them must not contradict.</summary>
    public Lock OneAtATime { get; } = new();

    /// <summary>Notes durably what is known of the logs. False when that failed for some: their checkpoints before stay in force.</summary>
    /// <param name="logs">Each once.</param>
    /// <param name="start">The first offset of all of them from now on; the one that each has when left out.</param>
    public bool Save(IReadOnlyCollection<PartitionLog> logs, long? start = null)
    {
        lock (OneAtATime)
        {
            var shared = logs.Count > MaximumFileSyncs ? fileSystem : null;
            var failed = 0;
            var drafts = new List<CheckpointDraft>(logs.Count);
            foreach (var log in logs)
            {
                if (!TryDraft(log, start, isSynced: shared is null, out var draft))
                    failed++;
                else if (draft is not null)
                    drafts.Add(draft);
            }
            if (drafts.Count == 0)
                return failed == 0;
            var isSynced = flusher.Sync([.. drafts.Select(draft => draft.Log)]);
            failed += Drop(drafts, draft => !isSynced || draft.Log.IsFailed);
            failed += shared is null ? drafts.Count(draft => !TryFinish(draft)) : FinishTogether(drafts, shared);
            return failed == 0;
        }
    }

    public void Dispose() => fileSystem?.Dispose();

    private bool TryDraft(PartitionLog log, long? start, bool isSynced, out CheckpointDraft? draft)
    {
        draft = null;
        try
        {
            return log.TryDraftCheckpoint(start, isSynced, out draft);
        }
        catch (IOException error)
        {
            Log.NotWritten(logger, error, log.Name);
            return false;
        }
    }

    private bool TryFinish(CheckpointDraft draft)
    {
        try
        {
            disk.PutInPlace(draft.Path);
            disk.FlushDirectory(Path.GetDirectoryName(draft.Path)!);
        }
        catch (IOException error)
        {
            Log.NotWritten(logger, error, draft.Log.Name);
            disk.Discard(draft.Path);
            return false;
        }
        draft.Log.Take(draft);
        return true;
    }

    /// <summary>Gives how many could not be put in place.</summary>
    private int FinishTogether(List<CheckpointDraft> drafts, FileSystem shared)
    {
        var failed = 0;
        try
        {
            shared.Sync();
            failed = Drop(drafts, draft => !TryPutInPlace(draft));
            shared.Sync();
        }
        catch (IOException error)
        {
            Log.NoneWritten(logger, error, drafts.Count);
            return failed + Drop(drafts, static _ => true);
        }
        foreach (var draft in drafts)
            draft.Log.Take(draft);
        return failed;
    }

    private bool TryPutInPlace(CheckpointDraft draft)
    {
        try
        {
            disk.PutInPlace(draft.Path);
            return true;
        }
        catch (IOException error)
        {
            Log.NotWritten(logger, error, draft.Log.Name);
            return false;
        }
    }

    private int Drop(List<CheckpointDraft> drafts, Predicate<CheckpointDraft> isLost)
    {
        return drafts.RemoveAll(draft =>
        {
            if (!isLost(draft))
                return false;
            disk.Discard(draft.Path);
            return true;
        });
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "{Partition}: the checkpoint could not be written; a start after a crash takes longer"
        )]
        public static partial void NotWritten(ILogger logger, Exception error, string partition);

        [LoggerMessage(
            LogLevel.Warning,
            "{Count} checkpoints could not be written; a start after a crash takes longer"
        )]
        public static partial void NoneWritten(ILogger logger, Exception error, int count);
    }
}
