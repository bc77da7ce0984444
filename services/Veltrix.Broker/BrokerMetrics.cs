using System.Diagnostics.Metrics;
using Veltrix.ServiceDefaults;

namespace Veltrix.Broker;

/// <summary>The broker's meter: what goes in and out, what it holds, how long the disk takes.</summary>
internal sealed class BrokerMetrics : IDisposable
{
    private readonly Meter _meter = new(TelemetryNames.Meters.Broker);
    private long _largestRequestBytes;

    public BrokerMetrics()
    {
        ProducedBytes = _meter.CreateCounter<long>(TelemetryNames.BrokerProduceBytes, "By", "Record bytes appended.");
        FetchedBytes = _meter.CreateCounter<long>(
            TelemetryNames.BrokerFetchBytes,
            "By",
            "Record bytes sent to consumers."
        );
        Requests = _meter.CreateCounter<long>(TelemetryNames.BrokerRequests, "{request}", "Requests answered, by API.");
        FlushDuration = _meter.CreateHistogram<double>(
            TelemetryNames.BrokerFlushDuration,
            "s",
            "One round of the flusher: every dirty file synced."
        );
        RefusedConnections = _meter.CreateCounter<long>(
            TelemetryNames.BrokerConnectionsRefused,
            "{connection}",
            "Connections closed at once, because there were too many."
        );
    }

    public Counter<long> ProducedBytes { get; }

    public Counter<long> FetchedBytes { get; }

    public Counter<long> Requests { get; }

    public Histogram<double> FlushDuration { get; }

    public Counter<long> RefusedConnections { get; }

    /// <summary>The largest request so far, in bytes.</summary>
    public long LargestRequestBytes => Volatile.Read(ref _largestRequestBytes);

    /// <summary>Takes note of a request's size. Two at the same time may leave the smaller one: the next large one tells.</summary>
    public void SawRequest(long bytes)
    {
        if (bytes > LargestRequestBytes)
            Volatile.Write(ref _largestRequestBytes, bytes);
    }

    public void Observe(string name, string unit, string description, Func<long> value) =>
        _meter.CreateObservableGauge(name, value, unit, description);

    /// <summary>Something that has a limit: how much of it there is, and how much there may be.</summary>
    public void ObserveLimited(string name, string unit, string description, Func<long> value, long limit)
    {
        Observe(name, unit, description, value);
        ObserveLimit(name, unit, description, limit);
    }

    public void ObserveLimit(string name, string unit, string description, long limit) =>
        Observe($"{name}{TelemetryNames.LimitSuffix}", unit, $"Limit: {description}", () => limit);

    public void Dispose() => _meter.Dispose();
}
