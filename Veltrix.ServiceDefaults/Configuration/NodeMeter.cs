namespace Veltrix.ServiceDefaults.Configuration;

/// <summary>
/// Ready-made <see cref="INodeMeasurements"/>: counts events and errors, and keeps latencies to within 1 % from 100 ns
/// to 114 minutes. Recording is lock-free and allocates nothing.
/// </summary>
public sealed class NodeMeter : INodeMeasurements
{
    private const int WorkersUnknown = -1;

    private readonly LatencyHistogram _latencies = new();
    private readonly Lock _taking = new();
    private long _events;
    private long _errors;
    private int _workers = WorkersUnknown;

    /// <summary>Workers that run now; null where the service has none.</summary>
    public int? Workers
    {
        get => Volatile.Read(ref _workers) is var workers && workers == WorkersUnknown ? null : workers;
        set => Volatile.Write(ref _workers, value ?? WorkersUnknown);
    }

    /// <summary>Counts events accepted or handled, each after the same latency.</summary>
    /// <param name="latency">Of each of them; a negative one (clocks differ) counts as zero.</param>
    /// <param name="count">How many.</param>
    public void Record(TimeSpan latency, long count = 1)
    {
        if (count <= 0)
            return;
        Interlocked.Add(ref _events, count);
        _latencies.Record(latency, count);
    }

    /// <summary>Counts events refused or failed.</summary>
    public void RecordErrors(long count = 1) => Interlocked.Add(ref _errors, count);

    /// <inheritdoc/>
    public NodeMeasurement Take()
    {
        lock (_taking)
        {
            var (p50, p99) = _latencies.Take();
            return new NodeMeasurement(
                Interlocked.Exchange(ref _events, 0),
                Interlocked.Exchange(ref _errors, 0),
                p50?.TotalMilliseconds,
                p99?.TotalMilliseconds,
                Workers
            );
        }
    }
}
