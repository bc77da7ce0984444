using Veltrix.Configuration;

namespace Veltrix.Admin.Live;

/// <summary>
/// Folds the nodes' reports into what the overview shows. Bounded: five minutes of points per service, so many nodes,
/// services and marks. Written by one poller, read by every page through <see cref="View"/>.
/// </summary>
internal sealed class Fleet(TimeProvider time)
{
    /// <summary>Nodes report every second; this many missed reports are no accident any more.</summary>
    public static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(5);

    /// <summary>How much of the past is kept, and how long a silent node is still named.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    public const int MaximumPoints = 300;
    public const int MaximumNodes = 500;
    public const int MaximumServices = 20;
    public const int MaximumMarks = 20;

    private readonly Dictionary<string, (NodeReport Report, DateTimeOffset HeardAt)> _nodes = new(
        StringComparer.Ordinal
    );
    private readonly Dictionary<string, Queue<ServicePoint>> _history = new(StringComparer.Ordinal);
    private readonly Queue<VersionMark> _marks = new();
    private int? _newestVersion;
    private DateTimeOffset _takenAt;
    private volatile FleetView _view = FleetView.Empty;

    /// <summary>The latest state; immutable.</summary>
    public FleetView View => _view;

    /// <summary>Takes what the configuration service knows about the nodes.</summary>
    public void Take(IReadOnlyList<NodeReport> reports)
    {
        var now = _takenAt = time.GetUtcNow();
        foreach (var report in reports)
            Hear(report, now);
        foreach (var (node, state) in _nodes.ToList())
            if (now - state.HeardAt > Window)
                _nodes.Remove(node);
        MarkVersion(now);
        Publish(now, known: true);
    }

    /// <summary>The configuration service could not be asked: the charts get a gap. Whether a node is silent nobody knows.</summary>
    public void Miss() => Publish(time.GetUtcNow(), known: false);

    private void Hear(NodeReport report, DateTimeOffset now)
    {
        var known = _nodes.TryGetValue(report.Node, out var before);
        // The service repeats a node's last report for a while after the node has fallen silent.
        if (known && before.Report.ReportedAt == report.ReportedAt)
            return;
        if (known || _nodes.Count < MaximumNodes)
            _nodes[report.Node] = (report, now);
    }

    private void MarkVersion(DateTimeOffset now)
    {
        var newest = _nodes.Values.Max(node => node.Report.Version);
        if (newest is null || newest <= _newestVersion)
            return;
        // The first version that is seen was in force before this site looked: no change happened now.
        if (_newestVersion is not null)
            _marks.Enqueue(new VersionMark(now.UtcDateTime, newest.Value));
        _newestVersion = newest;
        while (_marks.Count > MaximumMarks)
            _marks.Dequeue();
    }

    private void Publish(DateTimeOffset now, bool known)
    {
        while (_marks.TryPeek(out var mark) && now.UtcDateTime - mark.At > Window)
            _marks.Dequeue();
        var nodes = _nodes
            .Values.Select(node => new NodeState(node.Report, node.HeardAt, _takenAt - node.HeardAt >= SilentAfter))
            .OrderBy(node => node.Report.Service, StringComparer.Ordinal)
            .ThenBy(node => node.Report.Node, StringComparer.Ordinal)
            .ToList();
        foreach (var service in nodes.Select(node => node.Report.Service).Distinct(StringComparer.Ordinal))
            if (_history.Count < MaximumServices)
                _history.TryAdd(service, new Queue<ServicePoint>());
        foreach (var gone in _history.Keys.Except(nodes.Select(node => node.Report.Service)).ToList())
            _history.Remove(gone);
        _view = new FleetView(
            nodes,
            [.. _history.OrderBy(entry => entry.Key).Select(entry => Sum(entry.Key, entry.Value, nodes, now, known))],
            [.. _marks]
        );
    }

    private static ServiceState Sum(
        string service,
        Queue<ServicePoint> history,
        IReadOnlyList<NodeState> nodes,
        DateTimeOffset now,
        bool known
    )
    {
        var all = nodes.Where(node => node.Report.Service == service).ToList();
        var reporting = all.Where(node => !node.IsSilent).Select(node => node.Report).ToList();
        var rate = reporting.Sum(report => report.EventsPerSecond);
        var p99 = reporting.Max(report => report.LatencyP99Milliseconds);
        history.Enqueue(new ServicePoint(now.UtcDateTime, known ? rate : null, known ? p99 : null));
        while (history.Count > MaximumPoints)
            history.Dequeue();
        return new ServiceState(
            service,
            reporting.Count,
            all.Count - reporting.Count,
            rate,
            reporting.Sum(report => report.ErrorsPerSecond),
            reporting.Max(report => report.LatencyP50Milliseconds),
            p99,
            reporting.Any(report => report.Workers is not null) ? reporting.Sum(report => report.Workers ?? 0) : null,
            [.. history]
        );
    }
}
