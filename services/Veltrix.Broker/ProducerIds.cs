namespace Veltrix.Broker;

/// <summary>
/// Hands out producer ids, each once for ever. A block is taken durably before its first id is given; a crash loses the
/// rest of the block, nothing else.
/// </summary>
/// <param name="next">The first id.</param>
/// <param name="tryReserveUpTo">Makes it durable that all ids below one are given away; false when the disk refuses.</param>
internal sealed class ProducerIds(long next, Func<long, bool> tryReserveUpTo)
{
    private const int BlockSize = 1000;
    private readonly Lock _gate = new();
    private long _next = next;
    private long _reserved = next;

    /// <summary>An id that nobody has; null when the disk refuses the next block.</summary>
    public long? TryNext()
    {
        lock (_gate)
        {
            if (_next == _reserved)
            {
                if (!tryReserveUpTo(_reserved + BlockSize))
                    return null;
                _reserved += BlockSize;
            }
            return _next++;
        }
    }
}
