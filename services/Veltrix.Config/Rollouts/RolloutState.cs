using MassTransit;
using Veltrix.Configuration.Rollouts;

namespace Veltrix.Config.Rollouts;

/// <summary>One rollout, as the saga keeps it; a row of <c>rollouts</c>.</summary>
public sealed class RolloutState : SagaStateMachineInstance
{
    private RolloutProgress? _progress;

    /// <inheritdoc/>
    public Guid CorrelationId { get; set; }

    /// <summary>Its number, from 1.</summary>
    public int Number { get; set; }

    /// <summary>Name of a state of <see cref="RolloutStateMachine"/>.</summary>
    public string CurrentState { get; set; } = "";

    /// <summary>Whether it has not ended; at most one is active.</summary>
    public bool Active { get; set; }

    /// <summary>Grows by one with each write; a write that finds another number fails.</summary>
    public int Revision { get; set; }

    /// <summary>The proposal that it publishes.</summary>
    public int Proposal { get; set; }

    /// <summary>The version that all other nodes run on.</summary>
    public int Base { get; set; }

    /// <summary>The version that it tries.</summary>
    public int Candidate { get; set; }

    /// <summary>The wave that it is at, from 1; 0 before the first.</summary>
    public int Wave { get; set; }

    /// <summary>Name of the key that started it.</summary>
    public string Author { get; set; } = "";

    /// <summary>Why.</summary>
    public string Reason { get; set; } = "";

    /// <summary>When it was started.</summary>
    public DateTimeOffset StartedAt { get; set; }

    /// <summary>When it ended; null while it is active.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>The version that took the candidate back; null unless one did.</summary>
    public int? RestoredBy { get; set; }

    /// <summary><see cref="Progress"/> as the row holds it.</summary>
    public string Detail { get; set; } = "";

    /// <summary>How far it is.</summary>
    internal RolloutProgress Progress
    {
        get => _progress ??= RolloutProgress.Read(Detail);
        set => Detail = (_progress = value).Write();
    }

    /// <summary>Who froze publications, and why; null while they are allowed. Read with the row, not stored in it.</summary>
    internal string? Frozen { get; set; }

    /// <summary>What the message in hand decided; not stored, but carried out with the write.</summary>
    internal RolloutDecision? Decision { get; set; }

    internal Rollout ToRollout() =>
        new(
            Number,
            char.ToLowerInvariant(CurrentState[0]) + CurrentState[1..],
            Proposal,
            Base,
            Candidate,
            Progress.Waves,
            Progress.BakeSeconds,
            Wave,
            Progress.Nodes,
            Progress.Evidence,
            Author,
            Reason,
            StartedAt,
            EndedAt,
            RestoredBy,
            Progress.AcceptsIdle
        );
}

/// <summary>What has to be written together with a transition.</summary>
/// <param name="Act">Name for the audit.</param>
/// <param name="Actor">Name of the key, or of the service itself.</param>
/// <param name="Reason">Why.</param>
/// <param name="Restores">Whether the document of the base is published again.</param>
internal sealed record RolloutDecision(string Act, string Actor, string Reason, bool Restores = false);
