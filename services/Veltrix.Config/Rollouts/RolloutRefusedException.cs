using Veltrix.Config.Acts;

namespace Veltrix.Config.Rollouts;

/// <summary>A rollout may not start; carries the refusal through MassTransit's pipeline, which knows only exceptions.</summary>
internal sealed class RolloutRefusedException(Refusal refusal) : Exception(refusal.Detail)
{
    public Refusal Refusal { get; } = refusal;
}
