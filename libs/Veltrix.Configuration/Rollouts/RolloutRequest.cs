namespace Veltrix.Configuration.Rollouts;

/// <summary>What starts a rollout.</summary>
/// <param name="Proposal">Number of the proposal to publish.</param>
/// <param name="Waves">1 to 20 waves.</param>
/// <param name="BakeSeconds">How long to look at each wave, and at the fleet before the first: 5 to 300 seconds.</param>
/// <param name="Reason">Why, one line.</param>
/// <param name="AcceptsIdle">Whether a wave whose nodes have nothing to do passes; else the rollout waits for events.</param>
public sealed record RolloutRequest(
    int Proposal,
    IReadOnlyList<RolloutWave> Waves,
    int BakeSeconds,
    string Reason,
    bool AcceptsIdle = false
)
{
    /// <summary>Shortest look at a wave in seconds: fewer samples show nothing.</summary>
    public const int ShortestBakeSeconds = 5;

    /// <summary>Longest look at a wave in seconds: samples are kept for three times as long.</summary>
    public const int LongestBakeSeconds = 300;

    /// <summary>What is wrong with it, apart from the reason; null when nothing is.</summary>
    public string? Error() =>
        Proposal < 1 ? "proposal is the number of a proposal."
        : BakeSeconds is < ShortestBakeSeconds or > LongestBakeSeconds
            ? $"bakeSeconds is {ShortestBakeSeconds} to {LongestBakeSeconds}."
        : Waves.Count is 0 or > RolloutWave.MaximumWaves ? $"waves has 1 to {RolloutWave.MaximumWaves} entries."
        : Waves.Contains(null!) ? "A wave is an object."
        : Waves.Select(wave => wave.Error()).FirstOrDefault(error => error is not null);
}
