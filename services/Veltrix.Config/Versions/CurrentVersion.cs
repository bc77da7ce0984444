using Veltrix.Configuration;

namespace Veltrix.Config.Versions;

/// <summary>
/// The newest version that this replica knows, kept in memory: it is read when the store is away, too. Waiting for a newer
/// one holds no queue, so that any number of slow watchers cost nothing and miss only what has been replaced.
/// </summary>
public sealed class CurrentVersion
{
    private readonly Lock _lock = new();
    private ConfigurationVersion? _version;
    private TaskCompletionSource _replaced = NewSignal();

    /// <summary>The newest version; null before the first was read from the store.</summary>
    public ConfigurationVersion? Value => Volatile.Read(ref _version);

    /// <summary>Takes <paramref name="version"/> if it is newer; what the store and the publisher bring may arrive in any order.</summary>
    public bool Offer(ConfigurationVersion version)
    {
        TaskCompletionSource replaced;
        lock (_lock)
        {
            if (_version is { } known && known.Number >= version.Number)
                return false;
            Volatile.Write(ref _version, version);
            replaced = _replaced;
            _replaced = NewSignal();
        }
        replaced.SetResult();
        return true;
    }

    /// <summary>The newest version, as soon as its number exceeds <paramref name="number"/>.</summary>
    public async Task<ConfigurationVersion> WaitBeyondAsync(int number, CancellationToken cancellation)
    {
        while (true)
        {
            Task replaced;
            lock (_lock)
            {
                if (_version is { } version && version.Number > number)
                    return version;
                replaced = _replaced.Task;
            }
            await replaced.WaitAsync(cancellation);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
