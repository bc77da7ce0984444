using Veltrix.Cli.Load;

namespace Veltrix.Cli.Watchers;

/// <summary>Who has seen and acknowledged the version that was published last, and after how long.</summary>
internal sealed class PublicationLedger(int nodes, bool acknowledges, TimeProvider time)
{
    private readonly int _nodes = nodes;
    private volatile Publication? _current;
    private long _missed;

    public LatencyHistogram Published { get; } = new();

    public LatencyHistogram Seen { get; } = new();

    public LatencyHistogram Acknowledged { get; } = new();

    /// <summary>Pairs of version and node that were given up.</summary>
    public long Missed => Volatile.Read(ref _missed);

    /// <summary>Begins a publication; its number is fixed by If-Match, since nodes may see it before the publisher does.</summary>
    /// <param name="number">The version's number.</param>
    /// <param name="isMeasured">False while everything warms up.</param>
    public void Begin(int number, bool isMeasured) =>
        _current = new Publication(number, isMeasured, time.GetTimestamp(), _nodes);

    /// <summary>The publication was answered.</summary>
    public void Answer() => Record(_current!, Published, time.GetTimestamp());

    /// <summary>A node has the whole event.</summary>
    public void See(int number, long timestamp)
    {
        if (_current is not { } publication || publication.Number != number)
            return;
        Record(publication, Seen, timestamp);
        if (!acknowledges)
            publication.CountDown();
    }

    /// <summary>The answer to a node's first report of the version has come.</summary>
    public void Acknowledge(int number)
    {
        if (_current is not { } publication || publication.Number != number)
            return;
        Record(publication, Acknowledged, time.GetTimestamp());
        publication.CountDown();
    }

    /// <summary>Waits until every node is done with the version; whoever is not within <paramref name="limit"/> has missed it.</summary>
    public async Task CompleteAsync(TimeSpan limit, CancellationToken cancellation)
    {
        var publication = _current!;
        try
        {
            await publication.Done.WaitAsync(limit, time, cancellation);
        }
        catch (TimeoutException)
        {
            Interlocked.Add(ref _missed, publication.Open);
        }
    }

    private void Record(Publication publication, LatencyHistogram histogram, long timestamp)
    {
        if (publication.IsMeasured)
            histogram.Record((long)time.GetElapsedTime(publication.Start, timestamp).TotalMicroseconds);
    }

    private sealed class Publication(int number, bool isMeasured, long start, int nodes)
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _open = nodes;

        public int Number => number;
        public bool IsMeasured => isMeasured;
        public long Start => start;
        public int Open => Volatile.Read(ref _open);
        public Task Done => _done.Task;

        public void CountDown()
        {
            if (Interlocked.Decrement(ref _open) == 0)
                _done.SetResult();
        }
    }
}
