using Veltrix.Config.Versions;
using Veltrix.Configuration;
using Veltrix.Configuration.Rollouts;

namespace Veltrix.Config.Nodes;

/// <summary>
/// The last report of each node, and how the node stands to the version in force. In memory: nodes report every second, so
/// a restarted service knows them again at once.
/// </summary>
internal sealed class NodeRegistry(CurrentVersion current, TimeProvider time)
{
    public const int MaximumNodes = 2_000;

    /// <summary>A node that missed two reports in a row is silent.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2.5);

    /// <summary>How long a node may take to apply a version.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    // A node that was taken away on purpose should not be called silent for ever.
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    // A processor's latency begins by the producer's clock and ends by its own: from a clock that is off it says nothing.
    private static readonly TimeSpan LargestClockError = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _nodes = new(StringComparer.Ordinal);

    public void Report(NodeReport report)
    {
        lock (_lock)
        {
            if (!_nodes.TryGetValue(report.Node, out var entry))
            {
                if (_nodes.Count >= MaximumNodes)
                    MakeRoom();
                _nodes[report.Node] = entry = new Entry { Since = time.GetUtcNow() };
            }
            entry.Report = report;
            entry.IsTaken = false;
            entry.ReceivedAt = time.GetTimestamp();
            entry.HeardAt = time.GetUtcNow();
        }
    }

    /// <summary>The last reports of the nodes that reported within 30 seconds.</summary>
    public IReadOnlyList<NodeReport> Nodes()
    {
        lock (_lock)
            return
            [
                .. _nodes
                    .Values.Where(entry => time.GetElapsedTime(entry.ReceivedAt) <= LongestSilence)
                    .Select(entry => entry.Report)
                    .OrderBy(report => report.Node, StringComparer.Ordinal),
            ];
    }

    /// <summary>All nodes that reported within ten minutes, and how they stand now.</summary>
    public IReadOnlyList<FleetNode> Fleet()
    {
        lock (_lock)
        {
            Judge();
            return
            [
                .. _nodes
                    .Values.Select(entry => new FleetNode(
                        entry.Report.Node,
                        entry.Report.Service,
                        entry.Condition,
                        entry.Since,
                        entry.Detail,
                        entry.Report
                    ))
                    .OrderBy(node => node.Node, StringComparer.Ordinal),
            ];
        }
    }

    /// <summary>The reports that came since the last call, as samples; of each node only the last.</summary>
    public IReadOnlyList<NodeSample> TakeSamples()
    {
        lock (_lock)
        {
            var samples = new List<NodeSample>();
            foreach (var entry in _nodes.Values.Where(entry => !entry.IsTaken))
            {
                entry.IsTaken = true;
                samples.Add(
                    new(
                        entry.Report.Node,
                        entry.Report.Service,
                        entry.HeardAt,
                        entry.Report.Version,
                        entry.Report.RefusedVersion,
                        entry.Report.Refusal,
                        entry.Report.EventsPerSecond,
                        entry.Report.ErrorsPerSecond,
                        entry.IsClockRight ? entry.Report.LatencyP99Milliseconds : null
                    )
                );
            }
            return samples;
        }
    }

    private void Judge()
    {
        foreach (var (node, entry) in _nodes)
        {
            var silence = time.GetElapsedTime(entry.ReceivedAt);
            if (silence > Remembered)
            {
                _nodes.Remove(node);
                continue;
            }
            // During a rollout nodes are meant to differ.
            var version = current.For(node);
            if (version is not null && version.Number != entry.Meant.Number)
                entry.Meant = (version.Number, time.GetTimestamp());
            var isGraceOver = time.GetElapsedTime(entry.Meant.KnownAt) > Grace;
            var (condition, detail) = Of(entry.Report, version, silence, isGraceOver);
            entry.Detail = detail;
            if (condition == entry.Condition)
                continue;
            entry.Condition = condition;
            // Silence began with the last report, everything else when it was seen.
            entry.Since = condition == NodeCondition.Silent ? entry.HeardAt : time.GetUtcNow();
        }
    }

    private static (NodeCondition Condition, string Detail) Of(
        NodeReport report,
        ConfigurationVersion? version,
        TimeSpan silence,
        bool isGraceOver
    )
    {
        if (silence > LongestPause)
            return (NodeCondition.Silent, $"No report for {silence.TotalSeconds:0} s; reports come every second.");
        if (version is null)
            return (NodeCondition.Current, "No version is known here yet.");
        if (report.Refusal is { } reason && report.Version != version.Number)
            return (NodeCondition.Refusing, $"Stays on version {Text(report.Version)}. {reason}");
        if (report.Version > version.Number)
            return (NodeCondition.Drifted, $"Runs version {report.Version}; the newest is {version.Number}.");
        if (report.Version == version.Number)
            return string.Equals(report.Hash, version.Hash, StringComparison.Ordinal)
                ? (NodeCondition.Current, $"Runs version {version.Number}.")
                : (
                    NodeCondition.Drifted,
                    $"Runs version {report.Version} with hash {report.Hash}, not {version.Hash}."
                );
        return isGraceOver
            ? (NodeCondition.Lagging, $"Runs version {Text(report.Version)}; {version.Number} is in force.")
            : (NodeCondition.Current, $"Runs version {Text(report.Version)} and has time to take {version.Number}.");
    }

    private static string Text(int? version) => version is { } number ? $"{number}" : "none";

    private void MakeRoom() => _nodes.Remove(_nodes.MinBy(entry => entry.Value.ReceivedAt).Key);

    private sealed class Entry
    {
        public NodeReport Report { get; set; } = null!;
        public (int Number, long KnownAt) Meant { get; set; }
        public bool IsClockRight => (Report.ReportedAt - HeardAt).Duration() <= LargestClockError;
        public bool IsTaken { get; set; }
        public long ReceivedAt { get; set; }
        public DateTimeOffset HeardAt { get; set; }
        public NodeCondition Condition { get; set; }
        public DateTimeOffset Since { get; set; }
        public string Detail { get; set; } = "";
    }
}
