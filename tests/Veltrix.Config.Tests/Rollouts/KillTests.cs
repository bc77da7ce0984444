using Veltrix.Config.Rollouts;

namespace Veltrix.Config.Tests.Rollouts;

/// <summary>kill -9 of the service, as a process of its own on a real database, with real nodes at it.</summary>
public sealed class KillTests
{
    private static readonly string[] OnTheWay =
    [
        "observing",
        "wave",
        "baking",
        "comparing",
        "waiting",
        "halted",
        "paused",
    ];
    private static readonly string[] Ends = ["completed", "rolledBack", "aborted"];

    /// <summary>One rollout whose service is killed whenever it is about to leave a state.</summary>
    [Fact]
    public async Task Rollout_ServiceKilledInEveryState_IsCompletedAllTheSame()
    {
        await using var service = await KilledService.StartAsync(isBad: false);
        await service.StartRolloutAsync();
        foreach (var state in OnTheWay)
            await service.KillInAsync(state);
        await service.ThawAsync();
        await service.CommandAsync("resume");

        var ended = await service.UntilAsync(rollout => rollout.EndedAt is not null);

        await service.ShouldHaveEndedForGoodAsync(ended, "completed");
    }

    [Fact]
    public void States_AreAllCovered() =>
        OnTheWay
            .Concat(Ends)
            .ShouldBe(
                new RolloutStateMachine()
                    .States.Select(state => char.ToLowerInvariant(state.Name[0]) + state.Name[1..])
                    .Except(["initial", "final"]),
                ignoreOrder: true
            );
}
