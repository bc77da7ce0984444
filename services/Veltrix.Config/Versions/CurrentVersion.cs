using Veltrix.Configuration;

namespace Veltrix.Config.Versions;

/// <summary>
/// The versions in force that this replica knows, kept in memory: it is read when the store is away, too. Waiting for a newer
/// one holds no queue, so that any number of slow watchers cost nothing and miss only what has been replaced.
/// </summary>
public sealed class CurrentVersion
{
    private readonly Lock _lock = new();
    private View? _view;
    private TaskCompletionSource _replaced = NewSignal();

    /// <summary>Another version is in force, or meant for some nodes. Raised on the thread that brought it: return soon.</summary>
    public event Action? Replaced;

    /// <summary>The version released to everybody; null before the first was read from the store.</summary>
    public ConfigurationVersion? Value => Volatile.Read(ref _view)?.Released;

    /// <summary>The version meant for a node: a rollout's candidate for those that it was given to.</summary>
    /// <param name="node">Its name; null for a reader that is no node.</param>
    public MeantVersion? For(string? node) => Volatile.Read(ref _view)?.For(node);

    /// <summary>Whether an announcement of version <paramref name="number"/> says nothing new. While a rollout runs, each may.</summary>
    public bool IsKnown(int number) =>
        Volatile.Read(ref _view) is { Staged: null } known && known.Released.Number >= number;

    /// <summary>Takes <paramref name="version"/> if it is newer; what the store and the publisher bring may arrive in any order.</summary>
    public bool Offer(ConfigurationVersion version) => Offer(version, staged: null);

    /// <summary>Takes what the store holds, unless a newer version is known already.</summary>
    public bool Offer(ConfigurationVersion released, StagedVersion? staged)
    {
        TaskCompletionSource replaced;
        lock (_lock)
        {
            if (
                _view is { } known
                && (
                    known.Released.Number > released.Number
                    || (known.Released.Number == released.Number && (staged is null || staged.IsSame(known.Staged)))
                )
            )
                return false;
            Volatile.Write(ref _view, new View(released, staged));
            replaced = _replaced;
            _replaced = NewSignal();
        }
        replaced.SetResult();
        Replaced?.Invoke();
        return true;
    }

    /// <summary>The version released to everybody, as soon as its number exceeds <paramref name="number"/>.</summary>
    public async Task<ConfigurationVersion> WaitBeyondAsync(int number, CancellationToken cancellation)
    {
        while (true)
        {
            Task replaced;
            lock (_lock)
            {
                if (_view?.Released is { } version && version.Number > number)
                    return version;
                replaced = _replaced.Task;
            }
            await replaced.WaitAsync(cancellation);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record View(ConfigurationVersion Released, StagedVersion? Staged)
    {
        public MeantVersion For(string? node) =>
            node is not null && Staged is { } staged && staged.Nodes.Contains(node)
                ? new(staged.Version, IsCandidate: true)
                : new(Released, IsCandidate: false);
    }
}
