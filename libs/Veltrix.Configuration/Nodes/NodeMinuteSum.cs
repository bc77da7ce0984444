namespace Veltrix.Configuration;

/// <summary>Adds up the reports of one node in one minute, or minutes that were added up elsewhere. Not thread-safe.</summary>
/// <param name="minute">The minute's beginning, UTC.</param>
public sealed class NodeMinuteSum(DateTimeOffset minute)
{
    /// <summary>Most versions of one minute that are remembered.</summary>
    public const int MaximumVersions = 16;

    private readonly Dictionary<string, long> _errors = new(StringComparer.Ordinal);
    private readonly SortedSet<int> _versions = [];
    private int _reports;
    private double _events;
    private double _errorRates;
    private double _cores;
    private long _workingSet;
    private int? _descriptors;
    private QueueOccupancy? _queue;
    private LatencyCounts? _latency;
    private LatencyCounts? _handling;

    /// <summary>The minute's beginning, UTC.</summary>
    public DateTimeOffset Minute => minute;

    /// <summary>Adds one report.</summary>
    public void Add(NodeReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        Add(1, report.EventsPerSecond, report.ErrorsPerSecond, report.CpuCores);
        Raise(report.WorkingSetBytes, report.FileDescriptors, report.Queue);
        Add(ref _latency, report.Latency);
        Add(ref _handling, report.Handling);
        Add(report.Errors ?? []);
        if (report.Version is { } version)
            Add(version);
    }

    /// <summary>Adds another part of the same minute.</summary>
    public void Add(NodeMinute part)
    {
        ArgumentNullException.ThrowIfNull(part);
        Add(part.Reports, part.EventsPerSecond, part.ErrorsPerSecond, part.CpuCores);
        Raise(part.WorkingSetBytes, part.FileDescriptors, part.Queue);
        Add(ref _latency, part.Latency);
        Add(ref _handling, part.Handling);
        Add(part.Errors);
        foreach (var version in part.Versions)
            Add(version);
    }

    /// <summary>What was added so far.</summary>
    public NodeMinute ToMinute()
    {
        var count = Math.Max(1, _reports);
        return new NodeMinute(
            minute,
            _reports,
            _events / count,
            _errorRates / count,
            _cores / count,
            _workingSet,
            _descriptors,
            _latency?.Percentile(0.50)?.TotalMilliseconds,
            _latency?.Percentile(0.99)?.TotalMilliseconds,
            _handling?.Percentile(0.99)?.TotalMilliseconds,
            _queue,
            NodeReport.MostFrequent(_errors),
            [.. _versions],
            _latency?.ToHistogram(),
            _handling?.ToHistogram()
        );
    }

    private void Add(int reports, double events, double errors, double cores)
    {
        _reports += reports;
        _events += events * reports;
        _errorRates += errors * reports;
        _cores += cores * reports;
    }

    private void Raise(long workingSet, int? descriptors, QueueOccupancy? queue)
    {
        _workingSet = Math.Max(_workingSet, workingSet);
        if (_descriptors is null || descriptors > _descriptors)
            _descriptors = descriptors ?? _descriptors;
        if (queue is not null)
            _queue = new(Math.Max(queue.Bytes, _queue?.Bytes ?? 0), Math.Max(queue.Fraction, _queue?.Fraction ?? 0));
    }

    private static void Add(ref LatencyCounts? counts, LatencyHistogram? histogram)
    {
        if (histogram is not null)
            (counts ??= new LatencyCounts(LatencyHistogram.Buckets)).Add(histogram);
    }

    private void Add(IReadOnlyList<ErrorCount> errors)
    {
        // Twice as many as are kept: which ones are frequent shows only at the end.
        foreach (var error in errors)
            if (_errors.TryGetValue(error.Code, out var before))
                _errors[error.Code] = before + error.Count;
            else if (_errors.Count < 2 * NodeReport.MaximumErrorCodes)
                _errors[error.Code] = error.Count;
    }

    private void Add(int version)
    {
        _versions.Add(version);
        if (_versions.Count > MaximumVersions)
            _versions.Remove(_versions.Min);
    }
}
