using Veltrix.Configuration;

namespace Veltrix.Config.Nodes;

/// <summary>Looks at the fleet twice a second and says in the log which node changed its condition.</summary>
internal sealed partial class FleetWatch(NodeRegistry registry, TimeProvider time, ILogger<FleetWatch> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);
    private readonly Dictionary<string, NodeCondition> _known = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                Look();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    private void Look()
    {
        var fleet = registry.Fleet();
        foreach (var node in fleet)
        {
            var before = _known.GetValueOrDefault(node.Node, NodeCondition.Current);
            _known[node.Node] = node.Condition;
            if (node.Condition == before)
                continue;
            if (node.Condition == NodeCondition.Current)
                Log.Current(logger, node.Node, node.Detail);
            else
                Log.Off(logger, node.Node, node.Condition, node.Detail);
        }
        if (_known.Count > fleet.Count)
            foreach (var gone in _known.Keys.Except(fleet.Select(node => node.Node), StringComparer.Ordinal).ToList())
                _known.Remove(gone);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Node {Node} is current again: {Detail}")]
        public static partial void Current(ILogger logger, string node, string detail);

        [LoggerMessage(2, LogLevel.Warning, "Node {Node} is {Condition}: {Detail}")]
        public static partial void Off(ILogger logger, string node, NodeCondition condition, string detail);
    }
}
