using System.Collections.Concurrent;
using Veltrix.Config.Versions;
using Veltrix.Configuration;
using Veltrix.Configuration.Rollouts;

namespace Veltrix.Config.Nodes;

/// <summary>
/// All nodes that this replica knows, and how each stands to the version in force. In memory: nodes report every second, and
/// replicas tell each other. Reports of different nodes do not wait for each other.
/// </summary>
internal sealed partial class NodeRegistry(
    CurrentVersion current,
    FleetClock clock,
    MinuteQueue minutes,
    TimeProvider time,
    ILogger<NodeRegistry> logger
)
{
    public const int MaximumNodes = 2_000;

    /// <summary>
    /// A node without a report for longer is silent. It missed three; the third is for the two seconds that it takes until
    /// a replica hears from another one where the node reports now.
    /// </summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(4);

    /// <summary>How long a node may take to apply a version.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>A node that was taken away on purpose should not be called silent for ever.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, KnownNode> _nodes = new(StringComparer.Ordinal);
    private int _count;
    private long _readAt = time.GetTimestamp();

    /// <summary>Takes a report that came in here.</summary>
    /// <param name="report">The report.</param>
    /// <param name="json">The same as it came.</param>
    public void Report(NodeReport report, byte[] json)
    {
        if (Of(report.Node).Hear(report, json, _count) is { } ended)
            minutes.Add(ended);
    }

    /// <summary>Takes what the other replicas told.</summary>
    /// <param name="rows">All rows that may be newer than what is known here.</param>
    /// <param name="readAt">Time stamp of the moment at which they were as old as they say.</param>
    public void Learn(IReadOnlyList<SharedNode> rows, long readAt)
    {
        foreach (var row in rows)
            Of(row.Node).Learn(row, readAt, _count);
        Volatile.Write(ref _readAt, readAt);
    }

    /// <summary>What to tell the other replicas.</summary>
    /// <param name="again">Also what they were told already.</param>
    public IReadOnlyList<SharedNode> Tell(bool again)
    {
        Judge();
        return [.. _nodes.Values.Select(node => node.Tell(again)).OfType<SharedNode>()];
    }

    /// <summary>The last reports of the nodes that reported within 30 seconds.</summary>
    public IReadOnlyList<NodeReport> Nodes() =>
        [
            .. Known
                .Where(node => node.Silence(ReadAt) <= LongestSilence)
                .Select(node => node.ToFleetNode().Report)
                .OrderBy(report => report.Node, StringComparer.Ordinal),
        ];

    /// <summary>The event types that have a handler in some node that reported within 30 seconds; null while no node says.</summary>
    public IReadOnlyList<string>? HandledTypes()
    {
        var said = Nodes().Select(report => report.HandledTypes).OfType<IReadOnlyList<string>>().ToList();
        return said.Count == 0 ? null : [.. said.SelectMany(types => types).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>All nodes that reported within ten minutes, and how they stand now.</summary>
    public IReadOnlyList<FleetNode> Fleet()
    {
        Judge();
        return [.. Known.Select(node => node.ToFleetNode()).OrderBy(node => node.Node, StringComparer.Ordinal)];
    }

    /// <summary>One node as it stands now; null when it is not known.</summary>
    public FleetNode? Find(string name)
    {
        if (!_nodes.TryGetValue(name, out var node) || !node.IsMember)
            return null;
        Judge(node);
        return node.ToFleetNode();
    }

    /// <summary>The last reports of a node, newest first; null when it is not known.</summary>
    public IReadOnlyList<KeptReport>? Reports(string name, DateTimeOffset before, int limit) =>
        _nodes.TryGetValue(name, out var node) ? node.Newest(before, limit) : null;

    /// <summary>The reports that came in here since the last call, as samples; of each node only the last.</summary>
    public IReadOnlyList<NodeSample> TakeSamples() =>
        [.. _nodes.Values.Select(node => node.TakeSample()).OfType<NodeSample>()];

    /// <summary>Hands over for writing what was added up of the minutes that began before a moment.</summary>
    public void EndMinutes(DateTimeOffset before)
    {
        foreach (var node in _nodes.Values)
            if (node.EndMinute(before) is { } ended)
                minutes.Add(ended);
    }

    /// <summary>Judges all nodes, forgets those that are long gone, and says in the log whose condition changed.</summary>
    public void Judge()
    {
        foreach (var (name, node) in _nodes)
        {
            if (node.Silence(ReadAt) > Remembered)
                Forget(name);
            else if (node.IsMember)
                Judge(node);
            node.Trim(_count);
        }
    }

    private long ReadAt => Volatile.Read(ref _readAt);

    private IEnumerable<KnownNode> Known => _nodes.Values.Where(node => node.IsMember);

    private void Judge(KnownNode node)
    {
        if (!node.Judge(current, ReadAt))
            return;
        var now = node.ToFleetNode();
        if (now.Condition == NodeCondition.Current)
            Log.Current(logger, now.Node, now.Detail);
        else
            Log.Off(logger, now.Node, now.Condition, now.Detail);
    }

    private KnownNode Of(string name)
    {
        if (_nodes.TryGetValue(name, out var known))
            return known;
        if (Volatile.Read(ref _count) >= MaximumNodes)
            Forget(_nodes.MaxBy(node => node.Value.Silence(ReadAt)).Key);
        var node = new KnownNode(name, clock, time);
        if (!_nodes.TryAdd(name, node))
            return _nodes.GetValueOrDefault(name, node);
        Interlocked.Increment(ref _count);
        return node;
    }

    private void Forget(string name)
    {
        if (!_nodes.TryRemove(name, out var node))
            return;
        Interlocked.Decrement(ref _count);
        if (node.EndMinute(DateTimeOffset.MaxValue) is { } ended)
            minutes.Add(ended);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Node {Node} is current again: {Detail}")]
        public static partial void Current(ILogger logger, string node, string detail);

        [LoggerMessage(2, LogLevel.Warning, "Node {Node} is {Condition}: {Detail}")]
        public static partial void Off(ILogger logger, string node, NodeCondition condition, string detail);
    }
}
