namespace Veltrix.Cli.Load;

/// <summary>When each batch is due. It depends on nothing that happens: that is what makes the loop an open one.</summary>
internal sealed class LoadSchedule
{
    private readonly double _eventsPerSecond;
    private readonly int _batchEvents;

    /// <param name="eventsPerSecond">Intended rate.</param>
    /// <param name="duration">How long events are due.</param>
    /// <param name="batchEvents">Events in one batch; the last one may have fewer.</param>
    public LoadSchedule(double eventsPerSecond, TimeSpan duration, int batchEvents)
    {
        _eventsPerSecond = eventsPerSecond;
        _batchEvents = batchEvents;
        Events = Math.Max(1, (long)Math.Round(eventsPerSecond * duration.TotalSeconds));
        Batches = (Events + batchEvents - 1) / batchEvents;
    }

    public long Events { get; }

    public long Batches { get; }

    public long FirstEventOf(long batch) => batch * _batchEvents;

    public int EventsOf(long batch) => (int)Math.Min(_batchEvents, Events - FirstEventOf(batch));

    public long BatchOf(long @event) => @event / _batchEvents;

    /// <summary>When the batch is due, counted from the start.</summary>
    public TimeSpan DueAfter(long batch) =>
        TimeSpan.FromTicks((long)Math.Round(FirstEventOf(batch) / _eventsPerSecond * TimeSpan.TicksPerSecond));
}
