namespace Veltrix.Config.Rollouts;

/// <summary>Names of what rollouts do, as the audit has them.</summary>
internal static class RolloutActs
{
    public const string Start = "rollout-start";
    public const string Wave = "rollout-wave";
    public const string Bake = "rollout-bake";
    public const string Compare = "rollout-compare";
    public const string Complete = "rollout-complete";
    public const string RollBack = "rollout-roll-back";
    public const string Wait = "rollout-wait";
    public const string Halt = "rollout-halt";
    public const string GoOn = "rollout-go-on";
    public const string Pause = "rollout-pause";
    public const string Resume = "rollout-resume";
    public const string Abort = "rollout-abort";
}
