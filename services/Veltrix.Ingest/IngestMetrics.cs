using System.Diagnostics.Metrics;
using Veltrix.Configuration;
using Veltrix.Events;
using Veltrix.Ingest.Admission;
using Veltrix.Ingest.Routing;
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

    public IngestMetrics(IMeterFactory meters, InFlightBudget budget, Routes routes, NodeMeter node)
    {
        _node = node;
        node.UseQueue(() => Queue(budget, routes));
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
                Count(fault.Value);
        }
        if (accepted > 0)
            _events.Add(accepted, Outcome(EventResults.Accepted));
        _duration.Record(latency.TotalSeconds);
        _node.Record(latency, accepted);
    }

    /// <summary>Counts a request that was refused as a whole; how many events it had is not known.</summary>
    public void Refused(EventFault fault, TimeSpan latency) => Settled([fault], latency);

    public void Dispose() => _meter.Dispose();

    private void Count(EventFault fault)
    {
        _events.Add(1, Outcome(EventResults.StatusOf(fault)));
        _node.RecordErrors(fault.Error);
    }

    private static QueueOccupancy? Queue(InFlightBudget budget, Routes routes)
    {
        if (routes.Current is not { } table)
            return null;
        var bytes = budget.TakeHighest();
        return new(bytes, (double)bytes / table.Version.Configuration.Ingest.MaximumBytesInFlight);
    }

    private static KeyValuePair<string, object?> Outcome(string name) => new(TelemetryNames.Tags.Outcome, name);
}
