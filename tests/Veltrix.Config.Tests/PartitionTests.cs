using System.Net.Http.Json;
using Veltrix.Config.Nodes;
using Veltrix.Configuration;
using Veltrix.Configuration.Rollouts;
using Veltrix.ServiceDefaults.Security;
using Veltrix.Testing;

namespace Veltrix.Config.Tests;

/// <summary>A node whose line is cut, or whose clock is off, with the watch and the reports that services have.</summary>
public sealed class PartitionTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Node_CutOff_IsNamedWithSinceWhenWorksOnAndCatchesUp()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);
        await using var lost = await ConfiguredNode.StartAsync("lost", [replica.Port]);
        await using var other = await ConfiguredNode.StartAsync("other", [replica.Port]);
        await ConditionAsync(replica, lost, NodeCondition.Current);
        await ConditionAsync(replica, other, NodeCondition.Current);

        lost.Line.Cut();
        var cutAt = DateTimeOffset.UtcNow;

        var silent = await ConditionAsync(replica, lost, NodeCondition.Silent);
        silent.Since.ShouldBeLessThan(DateTimeOffset.UtcNow - NodeRegistry.LongestPause);
        silent.Detail.ShouldStartWith("No report for ");
        await replica.MustPublishAsync(workers: 3);
        await replica.MustPublishAsync(workers: 5);
        await other.RunsAsync(3);
        var turns = lost.Turns;
        await Eventually.HoldsAsync(() => lost.Turns > turns + 5, cancellation: Cancellation);
        lost.Configuration.Current.Number.ShouldBe(1);
        (await ConditionAsync(replica, other, NodeCondition.Current)).Since.ShouldBeLessThan(cutAt);

        lost.Line.Mend();

        await lost.RunsAsync(3);
        var back = await ConditionAsync(replica, lost, NodeCondition.Current);
        back.Since.ShouldBeGreaterThan(silent.Since);
    }

    [Fact]
    public async Task Rollout_CanaryCutOff_HaltsUntilItIsBack()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);
        await using var canary = await ConfiguredNode.StartAsync("1", [replica.Port]);
        await using var other = await ConfiguredNode.StartAsync("2", [replica.Port]);
        using var client = new OperatorClient(replica);
        var proposal = await client.MustProposeAsync(4);
        using var operations = replica.As(Roles.Operator);
        using var started = await operations.PostAsJsonAsync(
            "/rollouts",
            new RolloutRequest(proposal.Number, [new(Count: 1)], BakeSeconds: 5, "Try four"),
            RolloutJson.Default.RolloutRequest,
            Cancellation
        );
        ((int)started.StatusCode).ShouldBe(201);
        await canary.RunsAsync(2);

        canary.Line.Cut();

        var halted = await RolloutAsync(operations, "halted");
        halted.Evidence[^1].Text.ShouldBe($"Silent: {canary.Name}.");
        var turns = canary.Turns;
        await Eventually.HoldsAsync(() => canary.Turns > turns + 5, cancellation: Cancellation);
        (canary.Configuration.Current.Number, other.Configuration.Current.Number).ShouldBe((2, 1));
        canary.Line.Mend();
        (await RolloutAsync(operations, "completed")).RestoredBy.ShouldBeNull();
        await other.RunsAsync(2);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(-7)]
    public async Task Node_WithAnotherClock_IsCurrentAndFollows(int minutesOff)
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);
        await using var node = await ConfiguredNode.StartAsync(
            "early",
            [replica.Port],
            time: new SkewedTime(TimeSpan.FromMinutes(minutesOff))
        );
        await ConditionAsync(replica, node, NodeCondition.Current);

        await replica.MustPublishAsync(workers: 3);

        await node.RunsAsync(2);
        var known = await ConditionAsync(replica, node, NodeCondition.Current);
        known.Report.ReportedAt.ShouldNotBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(5));
        known.Since.ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(5));
    }

    private static Task<FleetNode> ConditionAsync(Replica replica, ConfiguredNode node, NodeCondition condition) =>
        NodeAsync(replica, node.Name, found => found.Condition == condition);

    private static async Task<FleetNode> NodeAsync(Replica replica, string name, Func<FleetNode, bool> condition)
    {
        using var client = replica.As(Roles.Operator);
        return (
            await Eventually.AnswersAsync(
                async () =>
                    (
                        await client.GetFromJsonAsync(
                            "/fleet",
                            ConfigurationJson.Default.IReadOnlyListFleetNode,
                            Cancellation
                        )
                    )!.FirstOrDefault(node => node.Node == name),
                node => node is not null && condition(node),
                Limit
            )
        )!;
    }

    private static async Task<Rollout> RolloutAsync(HttpClient client, string state) =>
        (
            await Eventually.AnswersAsync(
                () => client.GetFromJsonAsync("/rollouts/1", RolloutJson.Default.Rollout, Cancellation),
                rollout => rollout!.State == state,
                Limit
            )
        )!;
}
