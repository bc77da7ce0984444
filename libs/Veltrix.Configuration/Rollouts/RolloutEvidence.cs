namespace Veltrix.Configuration.Rollouts;

/// <summary>One thing that a rollout measured or saw.</summary>
/// <param name="Wave">The wave, from 1; 0 before the first.</param>
/// <param name="IsWorse">Whether it speaks against the candidate.</param>
/// <param name="Text">It in a sentence, with the numbers.</param>
/// <param name="Probability">Of a difference like this by chance; null where nothing was tested.</param>
/// <param name="IsTooLittle">Whether there were too few samples of the wave to say anything.</param>
/// <param name="IsIdle">Whether the wave's nodes handled too few events to say anything.</param>
public sealed record RolloutEvidence(
    int Wave,
    bool IsWorse,
    string Text,
    double? Probability = null,
    bool IsTooLittle = false,
    bool IsIdle = false
);
