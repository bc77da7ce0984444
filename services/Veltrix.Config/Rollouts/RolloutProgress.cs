using System.Text.Json;
using System.Text.Json.Serialization;
using Veltrix.Configuration.Rollouts;

namespace Veltrix.Config.Rollouts;

/// <summary>How far a rollout is; one JSON document in its row.</summary>
/// <param name="Waves">The plan.</param>
/// <param name="BakeSeconds">How long each wave is looked at.</param>
/// <param name="Nodes">The nodes that were given the candidate.</param>
/// <param name="Evidence">What was measured and seen, at most <see cref="MaximumEvidence"/> entries.</param>
/// <param name="WaveStartedAt">When the wave was given the candidate.</param>
/// <param name="PhaseStartedAt">From when on samples of the state count.</param>
/// <param name="PhaseSeconds">How long the state has lasted, without the time that nobody watched.</param>
/// <param name="HaltedSeconds">How long nodes have been silent.</param>
/// <param name="TickedAt">When it was last looked at.</param>
/// <param name="WatchedSince">Since when it is looked at without a gap.</param>
/// <param name="ReturnState">The state that a halt or a pause goes back to; null outside of these.</param>
/// <param name="AcceptsIdle">Whether a wave whose nodes have nothing to do passes.</param>
internal sealed record RolloutProgress(
    IReadOnlyList<RolloutWave> Waves,
    int BakeSeconds,
    IReadOnlyList<RolloutNode> Nodes,
    IReadOnlyList<RolloutEvidence> Evidence,
    DateTimeOffset WaveStartedAt,
    DateTimeOffset PhaseStartedAt,
    double PhaseSeconds,
    double HaltedSeconds,
    DateTimeOffset TickedAt,
    DateTimeOffset WatchedSince,
    string? ReturnState,
    bool AcceptsIdle = false
)
{
    /// <summary>Most entries of evidence; the oldest go first.</summary>
    public const int MaximumEvidence = 200;

    public static RolloutProgress Read(string detail) =>
        JsonSerializer.Deserialize(detail, RolloutProgressJson.Default.RolloutProgress)!;

    public string Write() => JsonSerializer.Serialize(this, RolloutProgressJson.Default.RolloutProgress);

    public RolloutProgress With(params IEnumerable<RolloutEvidence> evidence) =>
        this with
        {
            Evidence = [.. Evidence.Concat(evidence).TakeLast(MaximumEvidence)],
        };
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RolloutProgress))]
internal sealed partial class RolloutProgressJson : JsonSerializerContext;
