namespace Veltrix.Broker.Network;

/// <summary>
/// One timer for one side of a connection, set anew for every wait: a client that neither sends nor reads is not waited
/// for without end. Ends with the broker, too.
/// </summary>
internal sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _stopping;

    public Deadline(TimeProvider time, CancellationToken stopping)
    {
        _source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _stopping = stopping.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    public CancellationToken Token => _source.Token;

    public void Set(TimeSpan limit) => _source.CancelAfter(limit);

    public void Clear() => _source.CancelAfter(Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _stopping.Dispose();
        _source.Dispose();
    }
}
