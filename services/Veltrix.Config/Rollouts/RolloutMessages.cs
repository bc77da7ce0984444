using Veltrix.Configuration.Rollouts;

namespace Veltrix.Config.Rollouts;

/// <summary>A rollout begins.</summary>
public sealed record StartRollout(Guid RolloutId, DateTimeOffset At, string Actor, RolloutRequest Request);

/// <summary>Time passed. Made from one revision of the rollout and void for every other, so that two replicas count no second twice.</summary>
public sealed record TickRollout(Guid RolloutId, DateTimeOffset At, int Revision, IReadOnlyList<NodeSample> Samples);

/// <summary>An operator stops the clock.</summary>
public sealed record PauseRollout(Guid RolloutId, DateTimeOffset At, string Actor, string Reason);

/// <summary>An operator lets it go on.</summary>
public sealed record ResumeRollout(Guid RolloutId, DateTimeOffset At, string Actor, string Reason);

/// <summary>An operator takes the candidate back.</summary>
public sealed record AbortRollout(Guid RolloutId, DateTimeOffset At, string Actor, string Reason);
