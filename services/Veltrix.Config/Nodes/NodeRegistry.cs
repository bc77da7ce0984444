using Veltrix.Configuration;

namespace Veltrix.Config.Nodes;

/// <summary>The last report of each node, in memory: nodes report every second, so a restarted service knows them again at once.</summary>
internal sealed class NodeRegistry(TimeProvider time)
{
    public const int MaximumNodes = 1_000;
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (NodeReport Report, long ReceivedAt)> _nodes = new(StringComparer.Ordinal);

    public void Report(NodeReport report)
    {
        lock (_lock)
        {
            if (_nodes.Count >= MaximumNodes && !_nodes.ContainsKey(report.Node))
                MakeRoom();
            _nodes[report.Node] = (report, time.GetTimestamp());
        }
    }

    public IReadOnlyList<NodeReport> Nodes()
    {
        lock (_lock)
        {
            DropSilent();
            return
            [
                .. _nodes.Values.Select(entry => entry.Report).OrderBy(report => report.Node, StringComparer.Ordinal),
            ];
        }
    }

    private void MakeRoom()
    {
        DropSilent();
        if (_nodes.Count >= MaximumNodes)
            _nodes.Remove(_nodes.MinBy(entry => entry.Value.ReceivedAt).Key);
    }

    private void DropSilent()
    {
        foreach (var (node, entry) in _nodes)
            if (time.GetElapsedTime(entry.ReceivedAt) > LongestSilence)
                _nodes.Remove(node);
    }
}
