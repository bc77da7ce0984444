namespace Veltrix.Configuration.Rollouts;

/// <summary>A rollout as the configuration service tells about it.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="State">observing, wave, baking, comparing, waiting, halted, paused, completed, rolledBack or aborted.</param>
/// <param name="Proposal">The proposal that it publishes.</param>
/// <param name="Base">The version that everybody else runs on.</param>
/// <param name="Candidate">The version that it tries.</param>
/// <param name="Waves">Its waves.</param>
/// <param name="BakeSeconds">How long it looks at each wave, and at the fleet before the first, in seconds.</param>
/// <param name="Wave">The wave that it is at, from 1; 0 before the first.</param>
/// <param name="Nodes">The nodes that have been given the candidate, in the order of the waves.</param>
/// <param name="Evidence">What it measured and saw.</param>
/// <param name="Author">Name of the key that started it.</param>
/// <param name="Reason">Why.</param>
/// <param name="StartedAt">When it was started, UTC.</param>
/// <param name="EndedAt">When it ended, UTC; null while it is active.</param>
/// <param name="RestoredBy">The version that took the candidate back; null unless it was rolled back or aborted.</param>
/// <param name="AcceptsIdle">Whether a wave whose nodes have nothing to do passes.</param>
public sealed record Rollout(
    int Number,
    string State,
    int Proposal,
    int Base,
    int Candidate,
    IReadOnlyList<RolloutWave> Waves,
    int BakeSeconds,
    int Wave,
    IReadOnlyList<RolloutNode> Nodes,
    IReadOnlyList<RolloutEvidence> Evidence,
    string Author,
    string Reason,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    int? RestoredBy,
    bool AcceptsIdle = false
);

/// <summary>A node that was given the candidate.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Service">Name of its service.</param>
/// <param name="Wave">In which wave, from 1.</param>
public sealed record RolloutNode(string Node, string Service, int Wave);
