using Microsoft.Extensions.Options;

namespace Veltrix.Config.Watch;

/// <summary>Counts the watchers of this replica.</summary>
internal sealed class WatcherLimit(IOptions<WatchOptions> options)
{
    private int _watchers;

    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _watchers) <= options.Value.MaximumWatchers)
            return true;
        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _watchers);
}
