namespace Veltrix.Config.Tests.Rollouts;

/// <summary>kill -9 of one of two replicas, and of the last one when it has decided.</summary>
public sealed class KilledReplicaTests
{
    /// <summary>The replica that the nodes talk to stays away; the other one is killed at the decision.</summary>
    [Fact]
    public async Task Rollout_ReplicasKilled_BadCandidateIsTakenBackAllTheSame()
    {
        await using var service = await KilledService.StartAsync(isBad: true, replicas: 2);
        await service.StartRolloutAsync();
        await service.UntilAsync("baking");

        await service.Processes[0].KillAsync();
        await service.KillInAsync("comparing");

        var ended = await service.UntilAsync(rollout => rollout.EndedAt is not null);
        await service.ShouldHaveEndedForGoodAsync(ended, "rolledBack");
        ended.Evidence.ShouldContain(entry => entry.IsWorse && entry.Text.Contains("errors"));
    }

    [Fact]
    public async Task Rollout_ServiceKilledAfterAnAbort_StaysAborted()
    {
        await using var service = await KilledService.StartAsync(isBad: false);
        await service.StartRolloutAsync();
        await service.CommandAsync("abort");

        await service.ShouldHaveEndedForGoodAsync(await service.UntilAsync("aborted"), "aborted");
    }
}
