using Microsoft.Extensions.Options;
using Veltrix.ServiceDefaults.Health;

namespace Veltrix.Ingest.Admission;

/// <summary>
/// How long a request may still wait for Kafka once the node shuts down. Kafka's own timeout is longer than a drain, and
/// an answer that says "send it again" is better than a connection that breaks.
/// </summary>
internal sealed class DrainDeadline : IDisposable
{
    // The rest is for the answers to reach their clients, and for the producer to send what is still queued.
    private const double ShareOfTimeout = 0.6;

    private readonly CancellationTokenSource _passed;
    private readonly CancellationTokenRegistration _registration;

    public DrainDeadline(DrainState drain, IOptions<DrainOptions> options, TimeProvider clock)
    {
        // During the notice the listener is open and the node takes requests as ever.
        var grace = TimeSpan.FromSeconds(options.Value.NoticeSeconds + (ShareOfTimeout * options.Value.TimeoutSeconds));
        _passed = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        _registration = drain.Draining.Register(() => _passed.CancelAfter(grace));
    }

    /// <summary>Cancelled when the time is over.</summary>
    public CancellationToken Passed => _passed.Token;

    public void Dispose()
    {
        _registration.Dispose();
        _passed.Dispose();
    }
}
