using Veltrix.Config.Rollouts;
using Veltrix.Configuration.Rollouts;

namespace Veltrix.Config.Tests.Rollouts;

/// <summary>kill -9 of the service, as a process of its own on a real database, with real nodes at it.</summary>
public sealed class KillTests
{
    private static readonly (string State, string End)[] Cases =
    [
        ("observing", "completed"),
        ("wave", "rolledBack"),
        ("baking", "completed"),
        ("comparing", "rolledBack"),
        ("halted", "completed"),
        ("paused", "aborted"),
    ];

    /// <summary>All at once: each case mostly waits for its rollout's clock.</summary>
    [Fact]
    public Task Rollout_ServiceKilledInAnyState_EndsAsItWouldHave() =>
        Task.WhenAll([.. Cases.Select(item => EndsAsync(item.State, item.End)), ReplicaKilledAsync()]);

    [Fact]
    public void Cases_CoverEveryState() =>
        Cases
            .SelectMany(item => new[] { item.State, item.End })
            .Distinct()
            .ShouldBe(
                new RolloutStateMachine()
                    .States.Select(state => char.ToLowerInvariant(state.Name[0]) + state.Name[1..])
                    .Except(["initial", "final"]),
                ignoreOrder: true
            );

    private static async Task EndsAsync(string state, string end)
    {
        await using var service = await KilledService.StartAsync(isBad: end == "rolledBack");
        await service.StartRolloutAsync();

        await using (await service.HoldAsync(state))
        {
            if (state is "halted" or "paused")
                await service.UntilAsync("baking");
            if (state == "halted")
                service.Canary.Line.Cut();
            if (state == "paused")
                await service.CommandAsync("pause");
            await service.UntilAsync(state);
            await service.Last.KillAsync();
        }
        service.Canary.Line.Mend();
        await service.Last.StartAsync();
        if (state == "paused")
        {
            (await service.UntilAsync(_ => true)).State.ShouldBe("paused");
            await service.CommandAsync("abort");
        }

        var ended = await service.UntilAsync(rollout => rollout.EndedAt is not null);
        await ShouldHaveEndedAsync(service, ended, end);
        if (state is not ("halted" or "comparing" or "paused"))
            return;
        // One of each end is killed once more.
        await service.Last.KillAsync();
        await service.Last.StartAsync();
        (await service.UntilAsync(_ => true)).EndedAt.ShouldBe(ended.EndedAt);
        await ShouldHaveEndedAsync(service, ended, end);
    }

    /// <summary>The one that the nodes talk to is killed; the other one never stops.</summary>
    private static async Task ReplicaKilledAsync()
    {
        await using var service = await KilledService.StartAsync(isBad: true, replicas: 2);
        await service.StartRolloutAsync();
        await service.UntilAsync("baking");

        await service.Processes[0].KillAsync();

        var ended = await service.UntilAsync(rollout => rollout.EndedAt is not null);
        await ShouldHaveEndedAsync(service, ended, "rolledBack");
    }

    private static async Task ShouldHaveEndedAsync(KilledService service, Rollout ended, string end)
    {
        ended.State.ShouldBe(end, string.Join('\n', ended.Evidence.Select(entry => entry.Text)));
        if (end == "rolledBack")
            ended.Evidence.ShouldContain(entry => entry.IsWorse && entry.Text.Contains("errors"));
        foreach (var node in service.Nodes)
            await node.RunsAsync(ended.RestoredBy ?? ended.Candidate);
        using var client = new OperatorClient(service.Last);
        (await client.VerifyAsync()).Fault.ShouldBeNull();
        var acts = (await client.AuditAsync()).Select(entry => entry.Act).ToList();
        acts.Count(act => act is "rollout-complete" or "rollout-roll-back" or "rollout-abort").ShouldBe(1);
        acts.Count(act => act == "rollout-wave").ShouldBe(end == "completed" ? 2 : 1);
    }
}
