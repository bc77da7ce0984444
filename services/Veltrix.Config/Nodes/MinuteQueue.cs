namespace Veltrix.Config.Nodes;

/// <summary>Minutes that wait to be written. Bounded: while the store is away for long, the oldest are given up.</summary>
internal sealed class MinuteQueue
{
    /// <summary>Ten minutes of the largest fleet.</summary>
    public const int Maximum = 10 * NodeRegistry.MaximumNodes;

    private readonly Lock _gate = new();
    private readonly Queue<EndedMinute> _minutes = new();
    private long _lost;

    public void Add(EndedMinute minute)
    {
        lock (_gate)
        {
            if (_minutes.Count >= Maximum)
            {
                _minutes.Dequeue();
                _lost++;
            }
            _minutes.Enqueue(minute);
        }
    }

    /// <summary>Takes the oldest away; who cannot write them adds them again.</summary>
    public IReadOnlyList<EndedMinute> Take(int most)
    {
        lock (_gate)
        {
            var taken = new List<EndedMinute>();
            while (taken.Count < most && _minutes.TryDequeue(out var minute))
                taken.Add(minute);
            return taken;
        }
    }

    /// <summary>How many were given up since the last call.</summary>
    public long TakeLost()
    {
        lock (_gate)
            return (_lost, _lost = 0).Item1;
    }
}
