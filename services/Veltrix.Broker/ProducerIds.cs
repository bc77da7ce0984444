namespace Veltrix.Broker;

/// <summary>
/// Hands out producer ids, each once for ever. A block is taken durably before its first id is given; a crash loses the
/// rest of the block, nothing else.
/// </summary>
internal sealed class ProducerIds(long next, Action<long> reserveUpTo)
{
    private const int BlockSize = 1000;
    private readonly Lock _gate = new();
    private long _next = next;
    private long _reserved = next;

    public long Next()
    {
        lock (_gate)
        {
            if (_next == _reserved)
            {
                reserveUpTo(_reserved + BlockSize);
                _reserved += BlockSize;
            }
            return _next++;
        }
    }
}
