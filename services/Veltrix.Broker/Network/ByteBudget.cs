namespace Veltrix.Broker.Network;

/// <summary>
/// Bytes of requests that may be in memory at a time. The first of each are only counted: connections are limited, too.
/// For what a request has beyond them it waits in line, holding nothing of the budget: nobody waits for whoever waits.
/// </summary>
internal sealed class ByteBudget(long totalBytes)
{
    /// <summary>Bytes of a request that need not wait.</summary>
    public const int FirstBytes = 64 * 1024;

    private readonly long _totalBytes = totalBytes;
    private readonly Lock _gate = new();
    private readonly Queue<(long Bytes, TaskCompletionSource Granted)> _waiting = new();
    private readonly HashSet<Deadline> _receiving = [];
    private long _availableBytes = totalBytes;
    private long _firstBytes;

    /// <summary>Who holds memory that others wait for must receive something within this time, again and again.</summary>
    private static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(1);

    /// <summary>Bytes in memory now.</summary>
    public long UsedBytes
    {
        get
        {
            lock (_gate)
                return _totalBytes - _availableBytes + Interlocked.Read(ref _firstBytes);
        }
    }

    /// <summary>Counts the first bytes of a request of this size, and says how many they are.</summary>
    public int TakeFirst(int requestBytes)
    {
        var first = Math.Min(requestBytes, FirstBytes);
        Interlocked.Add(ref _firstBytes, first);
        return first;
    }

    /// <summary>Takes the rest of a request's bytes, now or when others gave theirs back.</summary>
    public ValueTask TakeRestAsync(int requestBytes)
    {
        var bytes = RestOf(requestBytes);
        lock (_gate)
        {
            if (_waiting.Count == 0 && _availableBytes >= bytes)
            {
                _availableBytes -= bytes;
                return ValueTask.CompletedTask;
            }
            foreach (var deadline in _receiving)
                deadline.Set(StallLimit);
            var granted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue((bytes, granted));
            return new ValueTask(granted.Task);
        }
    }

    /// <summary>
    /// A request that has its memory begins, or goes on, to receive its bytes: within <paramref name="limit"/>, and while others
    /// wait for memory, never with long pauses.
    /// </summary>
    public void Receiving(Deadline deadline, TimeSpan limit)
    {
        lock (_gate)
        {
            _receiving.Add(deadline);
            var longest = _waiting.Count > 0 ? StallLimit : limit;
            deadline.Set(TimeSpan.FromTicks(Math.Clamp(limit.Ticks, 0, longest.Ticks)));
        }
    }

    /// <summary>It has received them, or its connection ends.</summary>
    public void Received(Deadline deadline)
    {
        lock (_gate)
        {
            _receiving.Remove(deadline);
            deadline.Clear();
        }
    }

    public void ReturnFirst(int requestBytes) => Interlocked.Add(ref _firstBytes, -Math.Min(requestBytes, FirstBytes));

    public void ReturnRest(int requestBytes)
    {
        lock (_gate)
        {
            _availableBytes += RestOf(requestBytes);
            while (_waiting.TryPeek(out var next) && next.Bytes <= _availableBytes)
            {
                _waiting.Dequeue();
                _availableBytes -= next.Bytes;
                next.Granted.SetResult();
            }
        }
    }

    private long RestOf(int requestBytes) => Math.Clamp(requestBytes - FirstBytes, 0, _totalBytes);
}
