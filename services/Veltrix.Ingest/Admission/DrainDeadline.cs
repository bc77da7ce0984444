using Veltrix.ServiceDefaults.Health;

namespace Veltrix.Ingest.Admission;

/// <summary>
/// How long a request may still wait for Kafka once the node shuts down. Kafka's own timeout is longer than a drain, and
/// an answer that says "send it again" is better than a connection that breaks.
/// </summary>
internal sealed class DrainDeadline : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2.5);
    private readonly CancellationTokenSource _passed;
    private readonly CancellationTokenRegistration _registration;

    public DrainDeadline(DrainState drain, TimeProvider clock)
    {
        _passed = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        _registration = drain.Draining.Register(() => _passed.CancelAfter(Grace));
    }

    /// <summary>Cancelled when the time is over.</summary>
    public CancellationToken Passed => _passed.Token;

    public void Dispose()
    {
        _registration.Dispose();
        _passed.Dispose();
    }
}
