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
    // Of the call under way.
    private int _failed;
    private IOException? _firstError;

    /// <summary>Held while checkpoints are made, and by whoever changes what one of them must not contradict.</summary>
    public Lock OneAtATime { get; } = new();

    /// <summary>Notes durably what is known of the logs. False when that failed for some: their checkpoints before stay in force.</summary>
    /// <param name="logs">Each once.</param>
    /// <param name="start">The first offset of all of them from now on; the one that each has when left out.</param>
    public bool Save(IReadOnlyCollection<PartitionLog> logs, long? start = null)
    {
        lock (OneAtATime)
        {
            (_failed, _firstError) = (0, null);
            var shared = logs.Count > LogFlusher.MaximumFileSyncs ? fileSystem : null;
            var drafts = Draft(logs, start, isSynced: shared is null);
            if (drafts.Count > 0)
            {
                var isSynced = flusher.Sync([.. drafts.Select(draft => draft.Log)]);
                Keep(drafts, draft => isSynced && !draft.Log.IsFailed);
                if (shared is null)
                    Keep(drafts, TryFinish);
                else
                    FinishTogether(drafts, shared);
                drafts.ForEach(draft => draft.Log.Take(draft));
            }
            // One for all: a full disk refuses every one of them, every few seconds.
            if (_firstError is not null)
                Log.NotWritten(logger, _firstError, _failed);
            return _failed == 0;
        }
    }

    public void Dispose() => fileSystem?.Dispose();

    private List<CheckpointDraft> Draft(IReadOnlyCollection<PartitionLog> logs, long? start, bool isSynced)
    {
        var drafts = new List<CheckpointDraft>(logs.Count);
        foreach (var log in logs)
        {
            if (!Try(() => log.TryDraftCheckpoint(start, isSynced, out var draft) && Add(draft)))
                _failed++;
        }
        return drafts;

        bool Add(CheckpointDraft? draft)
        {
            if (draft is not null)
                drafts.Add(draft);
            return true;
        }
    }

    private bool TryFinish(CheckpointDraft draft)
    {
        disk.PutInPlace(draft.Path);
        disk.FlushDirectory(Path.GetDirectoryName(draft.Path)!);
        return true;
    }

    private void FinishTogether(List<CheckpointDraft> drafts, FileSystem shared)
    {
        if (!Try(Sync))
        {
            Keep(drafts, static _ => false);
            return;
        }
        Keep(
            drafts,
            draft =>
            {
                disk.PutInPlace(draft.Path);
                return true;
            }
        );
        if (!Try(Sync))
            Keep(drafts, static _ => false);

        bool Sync()
        {
            shared.Sync();
            return true;
        }
    }

    /// <summary>Drops the drafts with which something does not succeed.</summary>
    private void Keep(List<CheckpointDraft> drafts, Func<CheckpointDraft, bool> succeeds) =>
        _failed += drafts.RemoveAll(draft =>
        {
            if (Try(() => succeeds(draft)))
                return false;
            disk.Discard(draft.Path);
            return true;
        });

    private bool Try(Func<bool> action)
    {
        try
        {
            return action();
        }
        catch (IOException error)
        {
            _firstError ??= error;
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "{Count} checkpoints could not be written; a start after a crash takes longer"
        )]
        public static partial void NotWritten(ILogger logger, Exception error, int count);
    }
}
