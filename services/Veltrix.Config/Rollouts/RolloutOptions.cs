namespace Veltrix.Config.Rollouts;

/// <summary>Section <c>Rollouts</c> of the service's own settings.</summary>
internal sealed class RolloutOptions
{
    public const string Section = "Rollouts";

    /// <summary>How often the active rollout is looked at.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);
}
