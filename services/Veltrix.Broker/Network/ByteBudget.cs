namespace Veltrix.Broker.Network;

/// <summary>Bytes that may be in memory at a time; whoever wants more than there are waits in line.</summary>
internal sealed class ByteBudget(long totalBytes)
{
    private readonly long _totalBytes = totalBytes;
    private readonly Lock _gate = new();
    private readonly Queue<(long Bytes, TaskCompletionSource Granted)> _waiting = new();
    private long _availableBytes = totalBytes;

    /// <summary>Bytes in memory now.</summary>
    public long UsedBytes
    {
        get
        {
            lock (_gate)
                return _totalBytes - _availableBytes;
        }
    }

    /// <summary>Takes bytes that cannot wait, whether there are any or not; those who wait do so for longer.</summary>
    public void TakeAtOnce(long bytes)
    {
        lock (_gate)
            _availableBytes -= bytes;
    }

    /// <summary>Takes bytes, now or when others gave theirs back. More than the total are as many as there are.</summary>
    public ValueTask TakeAsync(long bytes)
    {
        bytes = Math.Min(bytes, _totalBytes);
        lock (_gate)
        {
            if (_waiting.Count == 0 && _availableBytes >= bytes)
            {
                _availableBytes -= bytes;
                return ValueTask.CompletedTask;
            }
            var granted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue((bytes, granted));
            return new ValueTask(granted.Task);
        }
    }

    public void Return(long bytes)
    {
        lock (_gate)
        {
            _availableBytes += Math.Min(bytes, _totalBytes);
            while (_waiting.TryPeek(out var next) && next.Bytes <= _availableBytes)
            {
                _waiting.Dequeue();
                _availableBytes -= next.Bytes;
                next.Granted.SetResult();
            }
        }
    }
}
