using System.Globalization;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// The processes of this AppHost in a file, so that the next start finds and stops what survived a crash of the AppHost
/// and of its watcher together. Each is named by id and start time: never a stranger's process.
/// </summary>
internal sealed class LeftOvers(string dataDirectory)
{
    private static readonly TimeSpan WatcherLimit = TimeSpan.FromSeconds(
        Watcher.BudgetSeconds + Watcher.LastBudgetSeconds + 2
    );
    private readonly string _path = Path.Combine(dataDirectory, "processes");
    private readonly Lock _gate = new();
    private readonly Dictionary<int, Entry> _entries = [];
    private bool _closed;

    private readonly record struct Entry(ProcessIdentity Identity, int Stage, int StopSignal);

    public void Add(ProcessIdentity identity, int stage, int stopSignal)
    {
        lock (_gate)
        {
            _entries[identity.ProcessId] = new Entry(identity, stage, stopSignal);
            Write();
        }
    }

    public void Remove(ProcessIdentity identity)
    {
        lock (_gate)
        {
            if (_entries.Remove(identity.ProcessId))
                Write();
        }
    }

    /// <summary>Everything has stopped; what is still told of single processes changes nothing any more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            AtomicFile.Remove(_path);
        }
    }

    /// <summary>Stops what a previous run left. Returns how many there were.</summary>
    public async Task<int> StopPreviousAsync(CancellationToken cancellation)
    {
        var alive = Read().Where(entry => entry.Identity.IsAlive).ToList();
        if (alive.Count == 0)
            return 0;

        // The watcher of the previous run may be at it right now; a second signal would turn a graceful stop into a hard one.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(WatcherLimit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            while (alive.Exists(entry => entry.Identity.IsAlive) && WatcherIsAlive())
                await timer.WaitForNextTickAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // It hangs; we do it ourselves.
        }

        using var watcher = new Watcher(Guid.NewGuid().ToString("N"));
        foreach (var entry in alive)
            watcher.Watch(entry.Identity, entry.Stage, entry.StopSignal);
        await watcher.StopAllAsync();
        return alive.Count;
    }

    private bool WatcherIsAlive() => Read().Any(entry => entry.Stage == WatcherStage && entry.Identity.IsAlive);

    /// <summary>Not a stage: marks the watcher's own line.</summary>
    public const int WatcherStage = -1;

    private List<Entry> Read()
    {
        if (!File.Exists(_path))
            return [];
        var entries = new List<Entry>();
        foreach (var line in File.ReadLines(_path))
        {
            var numbers = line.Split(' ');
            if (
                numbers.Length == 4
                && int.TryParse(numbers[0], CultureInfo.InvariantCulture, out var processId)
                && long.TryParse(numbers[1], CultureInfo.InvariantCulture, out var ticks)
                && int.TryParse(numbers[2], CultureInfo.InvariantCulture, out var stage)
                && int.TryParse(numbers[3], CultureInfo.InvariantCulture, out var signal)
            )
                entries.Add(new Entry(new ProcessIdentity(processId, ticks), stage, signal));
        }
        return entries;
    }

    private void Write()
    {
        if (_closed)
            return;
        AtomicFile.Write(
            _path,
            string.Concat(
                _entries.Values.Select(entry =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{entry.Identity.ProcessId} {entry.Identity.StartTicks} {entry.Stage} {entry.StopSignal}\n"
                    )
                )
            )
        );
    }
}
