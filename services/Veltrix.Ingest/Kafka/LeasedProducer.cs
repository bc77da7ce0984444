using Confluent.Kafka;

namespace Veltrix.Ingest.Kafka;

/// <summary>
/// A producer and the count of those who use it: being the current one counts, and so does every request until its last
/// delivery report. When nobody is left it is disposed, which no record can then be lost by.
/// </summary>
internal sealed class LeasedProducer(IProducer<byte[], byte[]?> client, bool isOwned)
{
    private int _leases = 1;

    public IProducer<byte[], byte[]?> Client => client;

    /// <returns>False when it has been given up meanwhile.</returns>
    public bool TryTake()
    {
        var seen = Volatile.Read(ref _leases);
        while (seen > 0)
        {
            var before = Interlocked.CompareExchange(ref _leases, seen + 1, seen);
            if (before == seen)
                return true;
            seen = before;
        }
        return false;
    }

    public void Release()
    {
        // On another thread: the last release may come from the client's own, which disposing waits for.
        if (Interlocked.Decrement(ref _leases) == 0 && isOwned)
            _ = Task.Run(client.Dispose);
    }
}
