using System.Diagnostics;
using System.Diagnostics.Metrics;
using Veltrix.Events;
using Veltrix.Processor.Consuming;
using Veltrix.ServiceDefaults;
using Veltrix.ServiceDefaults.Configuration;

namespace Veltrix.Processor;

/// <summary>What became of the records of one batch.</summary>
/// <param name="Handled">Had their effect.</param>
/// <param name="Duplicate">Had it before.</param>
/// <param name="DeadLettered">Were put aside.</param>
/// <param name="Records">All of them; the rest is none of this purpose's business.</param>
internal readonly record struct BatchOutcome(int Handled, int Duplicate, int DeadLettered, int Records);

/// <summary>What the processor measures, for metrics and for the node report.</summary>
internal sealed partial class ProcessorMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _events;
    private readonly Histogram<double> _batchDuration;
    private readonly Histogram<double> _endToEndDuration;
    private readonly NodeMeter _node;
    private readonly ILogger _logger;

    public ProcessorMetrics(
        IMeterFactory meters,
        NodeMeter node,
        ProcessorQueues queues,
        ILogger<ProcessorMetrics> logger
    )
    {
        node.UseQueue(queues.TakeHighest);
        _logger = logger;
        _node = node;
        _meter = meters.Create(TelemetryNames.Meters.Processor);
        _events = _meter.CreateCounter<long>(
            TelemetryNames.ProcessorEvents,
            "{event}",
            "Records by what became of them"
        );
        _batchDuration = _meter.CreateHistogram<double>(
            TelemetryNames.ProcessorBatchDuration,
            "s",
            "Time that one batch took, commit included"
        );
        _endToEndDuration = _meter.CreateHistogram<double>(
            TelemetryNames.ProcessorEndToEndDuration,
            "s",
            "Time from an event's time to the commit of its effect"
        );
        _meter.CreateObservableGauge(
            TelemetryNames.ProcessorWorkers,
            () => node.Workers ?? 0,
            "{worker}",
            "Workers that share a batch"
        );
    }

    /// <summary>As many workers share a batch from now on.</summary>
    public void UseWorkers(int workers) => _node.Workers = workers;

    /// <summary>A batch was committed.</summary>
    public void BatchHandled(string purpose, BatchOutcome outcome, TimeSpan duration)
    {
        var tag = new KeyValuePair<string, object?>(TelemetryNames.Tags.Purpose, purpose);
        Count(tag, "handled", outcome.Handled);
        Count(tag, "duplicate", outcome.Duplicate);
        Count(tag, "dead_lettered", outcome.DeadLettered);
        Count(tag, "ignored", outcome.Records - outcome.Handled - outcome.Duplicate - outcome.DeadLettered);
        _batchDuration.Record(duration.TotalSeconds, tag);
        _node.RecordHandling(duration, outcome.Handled);
        if (outcome.DeadLettered > 0)
            Log.DeadLettered(_logger, outcome.DeadLettered, purpose);
    }

    /// <summary>A record was put aside; its batch counts it, too.</summary>
    public void PutAside(EventFault fault) => _node.RecordErrors(fault.Error);

    /// <summary>An attempt at so many records failed and is repeated. Each attempt counts, so that a node that never succeeds shows it.</summary>
    public void AttemptFailed(long records) => _node.RecordErrors(ErrorCatalogue.AttemptFailed, records);

    /// <summary>One event had its effect.</summary>
    public void EventHandled(string purpose, TimeSpan endToEnd)
    {
        _endToEndDuration.Record(
            Math.Max(0, endToEnd.TotalSeconds),
            new KeyValuePair<string, object?>(TelemetryNames.Tags.Purpose, purpose)
        );
        _node.Record(endToEnd);
    }

    public void Dispose() => _meter.Dispose();

    private void Count(KeyValuePair<string, object?> purpose, string outcome, int count)
    {
        if (count > 0)
            _events.Add(count, new TagList { purpose, { TelemetryNames.Tags.Outcome, outcome } });
    }

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Warning,
            "{Count} records of {Purpose} were put aside; the table dead_letters holds them with their causes"
        )]
        public static partial void DeadLettered(ILogger logger, int count, string purpose);
    }
}
