using System.Diagnostics.Metrics;
using Veltrix.Events;
using Veltrix.Ingest.Admission;
using Veltrix.ServiceDefaults;
using Veltrix.ServiceDefaults.Configuration;

namespace Veltrix.Ingest;

/// <summary>What this node measures: instruments for /metrics, and the numbers of its node report.</summary>
internal sealed class IngestMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _events;
    private readonly Histogram<double> _duration;
    private readonly NodeMeter _node;

    public IngestMetrics(IMeterFactory meters, InFlightBudget budget, NodeMeter node)
    {
        _node = node;
        _meter = meters.Create(TelemetryNames.Meters.Ingest);
        _events = _meter.CreateCounter<long>(TelemetryNames.IngestEvents, "{event}", "Events by outcome.");
        _duration = _meter.CreateHistogram<double>(
            TelemetryNames.IngestDuration,
            "s",
            "Time from the start of a request to its answer."
        );
        _meter.CreateObservableGauge(
            TelemetryNames.IngestBytesInFlight,
            () => budget.Bytes,
            "By",
            "Bytes between the request and Kafka's acknowledgement."
        );
    }

    /// <summary>Counts a request whose events have their outcomes.</summary>
    public void Settled(ReadOnlySpan<EventFault?> faults, TimeSpan latency)
    {
        var accepted = 0;
        foreach (var fault in faults)
        {
            if (fault is null)
                accepted++;
            else
                _events.Add(1, Outcome(EventResults.StatusOf(fault)));
        }
        if (accepted > 0)
            _events.Add(accepted, Outcome(EventResults.Accepted));
        _duration.Record(latency.TotalSeconds);
        _node.Record(latency, accepted);
        _node.RecordErrors(faults.Length - accepted);
    }

    /// <summary>Counts a request that was refused as a whole; how many events it had is not known.</summary>
    public void Refused(EventFault fault, TimeSpan latency) => Settled([fault], latency);

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Outcome(string name) => new(TelemetryNames.Tags.Outcome, name);
}
