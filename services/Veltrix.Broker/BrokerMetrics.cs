using System.Diagnostics.Metrics;
using Veltrix.ServiceDefaults;

namespace Veltrix.Broker;

/// <summary>The broker's meter: what goes in and out, what it holds, how long the disk takes.</summary>
internal sealed class BrokerMetrics : IDisposable
{
    private readonly Meter _meter = new(TelemetryNames.Meters.Broker);

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
        Connections = _meter.CreateUpDownCounter<int>(
            TelemetryNames.BrokerConnections,
            "{connection}",
            "Open connections of clients."
        );
    }

    public Counter<long> ProducedBytes { get; }

    public Counter<long> FetchedBytes { get; }

    public Counter<long> Requests { get; }

    public Histogram<double> FlushDuration { get; }

    public UpDownCounter<int> Connections { get; }

    public void Observe(string name, string unit, string description, Func<long> value) =>
        _meter.CreateObservableGauge(name, value, unit, description);

    public void Dispose() => _meter.Dispose();
}
