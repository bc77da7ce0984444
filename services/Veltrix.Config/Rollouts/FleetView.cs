using Veltrix.Configuration.Rollouts;

namespace Veltrix.Config.Rollouts;

/// <summary>What a tick knows of the nodes.</summary>
internal sealed class FleetView
{
    /// <summary>Reports come every second and are stored every second; a node without one for so long is silent.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    private readonly IReadOnlyList<NodeSample> _samples;
    private readonly Dictionary<string, NodeSample> _last;

    public FleetView(TickRollout tick)
    {
        _samples = tick.Samples;
        _last = tick
            .Samples.Where(sample => (tick.At - sample.At).Duration() < Silence)
            .GroupBy(sample => sample.Node, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.MaxBy(sample => sample.At)!, StringComparer.Ordinal);
    }

    /// <summary>The last report of the nodes that are not silent.</summary>
    public IReadOnlyCollection<NodeSample> Present => _last.Values;

    public NodeSample? Last(string node) => _last.GetValueOrDefault(node);

    /// <summary>Compares the wave's nodes, service by service: what is normal for one is not for another.</summary>
    public IReadOnlyList<RolloutEvidence> Compare(RolloutState rollout)
    {
        var progress = rollout.Progress;
        var released = progress.Nodes.Select(node => node.Node).ToHashSet(StringComparer.Ordinal);
        var wave = progress.Nodes.Where(node => node.Wave == rollout.Wave).ToList();
        return
        [
            .. wave.GroupBy(node => node.Service, node => node.Node, StringComparer.Ordinal)
                .SelectMany(service =>
                {
                    var nodes = service.ToHashSet(StringComparer.Ordinal);
                    return CanaryComparison.Compare(
                        rollout.Wave,
                        service.Key,
                        [.. Baked(sample => nodes.Contains(sample.Node) && sample.Version == rollout.Candidate)],
                        [
                            .. Baked(sample =>
                                sample.Service == service.Key
                                && !released.Contains(sample.Node)
                                && sample.Version == rollout.Base
                            ),
                        ],
                        [
                            .. _samples.Where(sample =>
                                nodes.Contains(sample.Node)
                                && sample.Version == rollout.Base
                                && sample.At <= progress.WaveStartedAt
                            ),
                        ]
                    );
                }),
        ];

        IEnumerable<NodeSample> Baked(Func<NodeSample, bool> condition) =>
            _samples.Where(sample => sample.At >= progress.PhaseStartedAt && condition(sample));
    }
}
