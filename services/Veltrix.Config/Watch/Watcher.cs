using System.Threading.Channels;

namespace Veltrix.Config.Watch;

/// <summary>
/// Wakes one watcher. At most one reason waits: whoever wakes looks for the newest version first, so a second reason would
/// say nothing more.
/// </summary>
internal sealed class Watcher
{
    private readonly Channel<WakeReason> _reasons = Channel.CreateBounded<WakeReason>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true }
    );

    public void Wake(WakeReason reason) => _reasons.Writer.TryWrite(reason);

    /// <summary>The connection or the service ends.</summary>
    public void End() => _reasons.Writer.TryComplete();

    /// <summary>The next reason; null at the end.</summary>
    public async ValueTask<WakeReason?> NextAsync() =>
        await _reasons.Reader.WaitToReadAsync() && _reasons.Reader.TryRead(out var reason) ? reason : null;
}

internal enum WakeReason
{
    /// <summary>Another version is in force, or meant for some nodes.</summary>
    Version,

    /// <summary>The line was silent for long enough.</summary>
    Heartbeat,
}
