using Veltrix.Configuration.Rollouts;

namespace Veltrix.Admin.Tests.Fakes;

/// <summary>Rollouts in several states.</summary>
internal static class FakeRollout
{
    public static Rollout Observing(int number, RolloutRequest request) =>
        new(
            number,
            "observing",
            request.Proposal,
            Base: 1,
            Candidate: 2,
            request.Waves,
            request.BakeSeconds,
            Wave: 0,
            [],
            [],
            "operator",
            request.Reason,
            DateTimeOffset.UtcNow,
            EndedAt: null,
            RestoredBy: null
        );

    /// <summary>Its first wave runs on the version.</summary>
    public static Rollout Baking(this Rollout rollout, string node) =>
        rollout with
        {
            State = "baking",
            Wave = 1,
            Nodes = [new(node, "processor", 1)],
        };

    /// <summary>It did worse and took the version back.</summary>
    public static Rollout RolledBack(this Rollout rollout) =>
        rollout with
        {
            State = "rolledBack",
            EndedAt = DateTimeOffset.UtcNow,
            RestoredBy = 3,
            Evidence =
            [
                new(1, IsWorse: false, "processor, errors: 0 of 60,000 against 0 of 60,000.", 0.5),
                new(1, IsWorse: true, "processor, p99 latency: median 120 ms against 24 ms.", 0.00001),
            ],
        };
}
