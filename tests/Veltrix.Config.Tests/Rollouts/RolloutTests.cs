using Veltrix.Configuration;
using Veltrix.Configuration.Rollouts;

namespace Veltrix.Config.Tests.Rollouts;

public sealed class RolloutTests
{
    private static readonly RolloutWave[] OneThenAll = [new(Count: 1), new(Percent: 100)];

    [Fact]
    public async Task Rollout_WithoutDifference_ReachesEverybodyInWaves()
    {
        await using var stage = await Stage.OpenAsync(nodes: 4);
        var started = await stage.StartAsync(OneThenAll);
        (started.State, started.Base, started.Candidate).ShouldBe(("observing", 1, 2));

        var first = await stage.UntilAsync("baking");

        first.Nodes.ShouldHaveSingleItem().Node.ShouldBe("processor-1");
        stage.Nodes.Select(node => node.Version.Number).ShouldBe([2, 1, 1, 1]);
        (await stage.FleetAsync()).ShouldAllBe(node => node.Condition == NodeCondition.Current);
        stage.Replica.Current.Value!.Number.ShouldBe(1);
        var done = await stage.UntilAsync("completed");
        done.Nodes.Count.ShouldBe(4);
        done.Evidence.ShouldAllBe(entry => !entry.IsWorse);
        done.RestoredBy.ShouldBeNull();
        stage.Nodes.ShouldAllBe(node => node.Version.Number == 2 && node.Version.Configuration.Processor.Workers == 4);
        var released = await stage.Replica.Current.WaitBeyondAsync(1, TestContext.Current.CancellationToken);
        released.Number.ShouldBe(2);
        using var client = new OperatorClient(stage.Replica);
        (await client.AuditAsync())
            .Select(entry => entry.Act)
            .Where(act => act.StartsWith("rollout-", StringComparison.Ordinal))
            .ShouldBe([
                "rollout-start",
                "rollout-wave",
                "rollout-bake",
                "rollout-compare",
                "rollout-wave",
                "rollout-bake",
                "rollout-compare",
                "rollout-complete",
            ]);
        (await client.VerifyAsync()).Fault.ShouldBeNull();
    }

    [Fact]
    public async Task Rollout_Candidate_IsMarkedForWhoTriesItUntilItIsReleased()
    {
        await using var stage = await Stage.OpenAsync(nodes: 3);
        await stage.StartAsync(OneThenAll);
        await stage.UntilAsync("baking");
        using var canary = await Watcher.OpenAsync(stage.Replica, "?node=processor-1&from=1");
        using var other = await Watcher.OpenAsync(stage.Replica, "?node=processor-3&from=1");
        ((await canary.NextAsync())!.Number, canary.IsCandidate).ShouldBe((2, true));

        await stage.UntilAsync("completed");

        ((await canary.NextAsync())!.Number, canary.IsCandidate).ShouldBe((2, false));
        // It was in the last wave.
        ((await other.NextAsync())!.Number, other.IsCandidate).ShouldBe((2, true));
        ((await other.NextAsync())!.Number, other.IsCandidate).ShouldBe((2, false));
        using var late = await Watcher.OpenAsync(stage.Replica, "?node=processor-1&from=1");
        ((await late.NextAsync())!.Number, late.IsCandidate).ShouldBe((2, false));
    }

    [Fact]
    public async Task Rollout_CanaryThatRunsItWithoutAPart_IsTakenBack()
    {
        await using var stage = await Stage.OpenAsync(nodes: 3);
        stage.Nodes[0].FailsOn = 2;
        await stage.StartAsync(OneThenAll);

        (await stage.UntilAsync("rolledBack"))
            .Evidence.ShouldHaveSingleItem()
            .Text.ShouldBe("processor-1 refuses version 2: A part failed.");
    }

    [Fact]
    public async Task Rollout_CanaryWithErrors_IsTakenBackWithEvidence()
    {
        await using var stage = await Stage.OpenAsync(nodes: 3);
        foreach (var node in stage.Nodes)
            node.Errors = version => version == 2 ? 300 : 1;
        await stage.StartAsync(OneThenAll);

        var ended = await stage.UntilAsync("rolledBack");

        ended.RestoredBy.ShouldBe(3);
        var worse = ended.Evidence.Where(entry => entry.IsWorse).ShouldHaveSingleItem();
        worse.Text.ShouldStartWith("processor, errors: ");
        worse.Probability!.Value.ShouldBeLessThan(CanaryComparison.Alpha);
        stage.Nodes[0].Versions.ShouldBe([1, 2, 3]);
        stage.Nodes[1].Versions.ShouldBe([1, 3]);
        stage.Nodes[2].Versions.ShouldBe([1, 3]);
        stage.Nodes.ShouldAllBe(node => node.Version.Hash == CanonicalJson.Hash(PlatformConfiguration.Default));
        stage.Nodes[0].Version.Reason.ShouldContain(worse.Text);
        using var client = new OperatorClient(stage.Replica);
        (await client.VerifyAsync()).Fault.ShouldBeNull();
        await client.MustAsync("versions/2/rollback?reason=Free+again");
    }

    [Fact]
    public async Task Rollout_SlowCanaryWithoutControl_IsComparedWithItselfBefore()
    {
        await using var stage = await Stage.OpenAsync(nodes: 2);
        foreach (var node in stage.Nodes)
            node.Latency = version => version == 2 ? 80 : 20;
        await stage.StartAsync(new RolloutWave(Label: "processor"));

        var ended = await stage.UntilAsync("rolledBack");

        ended.Evidence.ShouldContain(entry => entry.Text.Contains("the same nodes before it"));
        ended.Evidence.Where(entry => entry.IsWorse).ShouldHaveSingleItem().Text.ShouldContain("p99 latency");
    }

    [Theory]
    [InlineData(2, "completed")]
    [InlineData(4, "rolledBack")]
    public async Task Rollout_TooFewSamples_MeasuresOnAndDoesNotPass(int secondsBetweenReports, string end)
    {
        await using var stage = await Stage.OpenAsync(nodes: 3);
        await stage.StartAsync(OneThenAll);
        var rollout = await stage.UntilAsync("baking");

        for (var second = 1; rollout.EndedAt is null && second < 100; second++)
        {
            stage.Nodes[0].IsSilent = rollout.Wave == 1 && second % secondsBetweenReports != 0;
            rollout = await stage.StepAsync();
        }

        rollout.State.ShouldBe(end);
        rollout.Evidence.ShouldContain(entry => entry.IsTooLittle);
        if (end == "rolledBack")
            rollout.Evidence[^1].Text.ShouldBe("Too few samples of wave 1, 2 times.");
    }

    [Fact]
    public async Task Rollout_Paused_StandsStillUntilItIsResumed()
    {
        await using var stage = await Stage.OpenAsync(nodes: 3);
        await stage.StartAsync(OneThenAll);
        await stage.UntilAsync("baking");

        (await stage.MustAsync("pause")).State.ShouldBe("paused");
        for (var second = 0; second < 20; second++)
            (await stage.StepAsync()).State.ShouldBe("paused");
        await stage.CommandAsync("pause").ShouldBeRefusedAsync(409, "VX-2033");
        (await stage.MustAsync("resume")).State.ShouldBe("baking");

        (await stage.UntilAsync("completed")).Nodes.Count.ShouldBe(3);
        await stage.CommandAsync("resume").ShouldBeRefusedAsync(409, "VX-2033");
        await stage.CommandAsync("abort").ShouldBeRefusedAsync(409, "VX-2033");
    }

    [Fact]
    public async Task Rollout_PublicationsFrozen_ReleasesNothingUntilTheThaw()
    {
        await using var stage = await Stage.OpenAsync(nodes: 4);
        using var client = new OperatorClient(stage.Replica);
        await stage.StartAsync(new RolloutWave(Count: 1), new RolloutWave(Count: 1), new RolloutWave(Percent: 100));
        await stage.UntilAsync("baking");
        await client.MustAsync("freeze?reason=The+fair");

        var waiting = await stage.UntilAsync("waiting");

        waiting.Wave.ShouldBe(1);
        waiting.Evidence[^1].Text.ShouldBe("The next wave waits: operator froze publications. The fair");
        for (var second = 0; second < 30; second++)
            (await stage.StepAsync()).State.ShouldBe("waiting");
        stage.Nodes.Select(node => node.Version.Number).ShouldBe([2, 1, 1, 1]);
        await client.MustAsync("unfreeze?reason=Over");
        (await stage.UntilAsync("completed")).Nodes.Count.ShouldBe(4);
        (await client.AuditAsync()).Count(entry => entry.Act == "rollout-wait").ShouldBe(1);
    }

    [Fact]
    public async Task Rollout_FrozenBeforeItsLastStep_IsNotCompleted()
    {
        await using var stage = await Stage.OpenAsync(nodes: 2);
        using var client = new OperatorClient(stage.Replica);
        await stage.StartAsync(new RolloutWave(Count: 1));
        await stage.UntilAsync("comparing");
        await client.MustAsync("freeze?reason=The+fair");

        await stage.UntilAsync("waiting");

        stage.Replica.Current.Value!.Number.ShouldBe(1);
        await stage.MustAsync("abort");
    }

    // A freeze must not keep a bad version in force.
    [Fact]
    public async Task Rollout_CanaryTurnsBadWhileFrozen_IsTakenBack()
    {
        await using var stage = await Stage.OpenAsync(nodes: 3);
        using var client = new OperatorClient(stage.Replica);
        await stage.StartAsync(OneThenAll);
        await stage.UntilAsync("baking");
        await client.MustAsync("freeze?reason=The+fair");
        await stage.UntilAsync("waiting");

        stage.Nodes[0].Errors = _ => 300;

        (await stage.UntilAsync("rolledBack"))
            .Evidence.Where(entry => entry.IsWorse)
            .ShouldHaveSingleItem()
            .Text.ShouldStartWith("processor, errors: ");
    }

    [Fact]
    public async Task Rollout_CanaryHasNothingToDo_WaitsForEvents()
    {
        await using var stage = await Stage.OpenAsync(nodes: 3);
        foreach (var node in stage.Nodes)
            node.Events = 0;
        await stage.StartAsync(OneThenAll);

        var waiting = await stage.UntilAsync("waiting");

        waiting.Wave.ShouldBe(1);
        waiting
            .Evidence[^1]
            .Text.ShouldBe(
                "The next wave waits: the nodes of wave 1 had too little to do to be judged by. It goes on by itself when there are more events."
            );
        for (var second = 0; second < 30; second++)
            (await stage.StepAsync()).State.ShouldBe("waiting");
        stage.Nodes.Select(node => node.Version.Number).ShouldBe([2, 1, 1]);
        foreach (var node in stage.Nodes)
            node.Events = 100;
        (await stage.UntilAsync("completed")).Nodes.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Rollout_CanaryHasNothingToDo_PassesWhereThatIsAccepted()
    {
        await using var stage = await Stage.OpenAsync(nodes: 3);
        foreach (var node in stage.Nodes)
            node.Events = 0;
        await stage.StartAsync(acceptsIdle: true, OneThenAll);

        var done = await stage.UntilAsync("completed");

        done.AcceptsIdle.ShouldBeTrue();
        done.Evidence.ShouldContain(entry => entry.IsIdle);
    }

    [Fact]
    public async Task Rollout_Aborted_GivesTheBaseBack()
    {
        await using var stage = await Stage.OpenAsync(nodes: 3);
        await stage.StartAsync(OneThenAll);
        await stage.UntilAsync("baking");

        var aborted = await stage.MustAsync("abort");

        (aborted.State, aborted.RestoredBy).ShouldBe(("aborted", 3));
        await stage.ReceiveAsync(aborted);
        stage.Nodes[0].Version.Hash.ShouldBe(CanonicalJson.Hash(PlatformConfiguration.Default));
        using var client = new OperatorClient(stage.Replica);
        var act = (await client.AuditAsync())[^1];
        (act.Act, act.Actor, act.Version).ShouldBe(("rollout-abort", "operator", 3));
    }

    [Fact]
    public async Task Rollout_SilentCanary_HaltsAndGoesOn()
    {
        await using var stage = await Stage.OpenAsync(nodes: 3);
        await stage.StartAsync(OneThenAll);
        await stage.UntilAsync("baking");

        stage.Nodes[0].IsSilent = true;
        var halted = await stage.UntilAsync("halted");
        stage.Nodes[0].IsSilent = false;

        halted.Evidence[^1].Text.ShouldBe("Silent: processor-1.");
        (await stage.StepAsync()).State.ShouldBe("baking");
        (await stage.UntilAsync("completed")).RestoredBy.ShouldBeNull();
    }

    [Fact]
    public async Task Rollout_CanaryThatStaysSilent_IsTakenBack()
    {
        await using var stage = await Stage.OpenAsync(nodes: 3);
        await stage.StartAsync(OneThenAll);
        await stage.UntilAsync("baking");

        stage.Nodes[0].IsSilent = true;

        (await stage.UntilAsync("rolledBack")).Evidence.ShouldContain(entry =>
            entry.IsWorse && entry.Text.Contains("processor-1")
        );
        stage.Nodes[1].Versions.ShouldBe([1, 3]);
    }

    [Fact]
    public async Task Rollout_CanaryThatRefuses_IsTakenBack()
    {
        await using var stage = await Stage.OpenAsync(nodes: 3);
        stage.Nodes[0].Refuses = 2;
        await stage.StartAsync(OneThenAll);

        (await stage.UntilAsync("rolledBack"))
            .Evidence.ShouldHaveSingleItem()
            .Text.ShouldBe("processor-1 refuses version 2: It cannot be applied here.");
    }

    [Fact]
    public async Task Rollout_WithoutNodes_IsTakenBack()
    {
        await using var stage = await Stage.OpenAsync(nodes: 0);
        await stage.StartAsync(OneThenAll);

        var ended = await stage.UntilAsync("rolledBack");

        ended.Evidence.ShouldHaveSingleItem().Text.ShouldBe("No node was there to try it on.");
    }

    [Theory]
    [InlineData("observing")]
    [InlineData("wave")]
    [InlineData("baking")]
    [InlineData("comparing")]
    [InlineData("halted")]
    [InlineData("paused")]
    [InlineData("waiting")]
    public async Task Rollout_ServiceStartedAgain_GoesOn(string state)
    {
        await using var stage = await Stage.OpenAsync(nodes: 3);
        foreach (var node in stage.Nodes)
            node.Events = state == "waiting" ? 0 : 1_000;
        await stage.StartAsync(OneThenAll);
        if (state is "halted" or "paused")
            await stage.UntilAsync("baking");
        stage.Nodes[0].IsSilent = state == "halted";
        if (state == "paused")
            await stage.MustAsync("pause");
        await stage.UntilAsync(state);

        await stage.RestartAsync();
        stage.Nodes[0].IsSilent = false;
        foreach (var node in stage.Nodes)
            node.Events = 1_000;
        (await stage.ReadAsync()).State.ShouldBe(state);
        if (state == "paused")
            await stage.MustAsync("resume");

        var done = await stage.UntilAsync("completed");
        done.RestoredBy.ShouldBeNull();
        stage.Nodes.ShouldAllBe(node => node.Version.Number == 2);
    }

    [Theory]
    [InlineData("baking", 60)]
    [InlineData("baking", -60)]
    [InlineData("comparing", 60)]
    [InlineData("comparing", -60)]
    public async Task Rollout_ClockStep_MeasuresTheWaveAnew(string state, int minutes)
    {
        await using var stage = await Stage.OpenAsync(nodes: 3);
        stage.Nodes[0].Errors = version => version == 2 ? 300 : 1;
        await stage.StartAsync(OneThenAll);
        await stage.UntilAsync(state);

        stage.SetClock(TimeSpan.FromMinutes(minutes));

        var ended = await stage.UntilAsync("rolledBack");
        ended.Evidence.Where(entry => entry.IsWorse).ShouldHaveSingleItem().Text.ShouldStartWith("processor, errors: ");
        ended.Evidence.ShouldNotContain(entry => entry.Text.StartsWith("Silent", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    public async Task Rollout_ClockSetInEveryState_SkipsNoWaveAndShortensNone(int minutes)
    {
        await using var stage = await Stage.OpenAsync(nodes: 3);
        var rollout = await stage.StartAsync(OneThenAll);
        var lasted = new Dictionary<(string State, int Wave), int>();
        while (rollout.EndedAt is null)
        {
            var phase = (rollout.State, rollout.Wave);
            if (lasted.TryAdd(phase, 0))
                stage.SetClock(TimeSpan.FromMinutes(minutes));
            lasted[phase].ShouldBeLessThan(100);
            rollout = await stage.StepAsync();
            lasted[phase]++;
        }

        rollout.State.ShouldBe("completed", string.Join('\n', rollout.Evidence.Select(entry => entry.Text)));
        rollout
            .Nodes.Select(node => (node.Node, node.Wave))
            .ShouldBe([("processor-1", 1), ("processor-2", 2), ("processor-3", 2)]);
        rollout.Evidence.ShouldNotContain(entry => entry.Text.StartsWith("Silent", StringComparison.Ordinal));
        lasted
            .Where(phase => phase.Key.State is "observing" or "baking")
            .Select(phase => phase.Value)
            .ShouldAllBe(seconds => seconds >= rollout.BakeSeconds);
        using var client = new OperatorClient(stage.Replica);
        (await client.AuditAsync()).ShouldNotContain(entry => entry.Act == "rollout-halt");
    }

    [Theory]
    [InlineData("completed")]
    [InlineData("aborted")]
    public async Task Rollout_ServiceStartedAgainAfterItsEnd_StaysEnded(string state)
    {
        await using var stage = await Stage.OpenAsync(nodes: 2);
        await stage.StartAsync(OneThenAll);
        if (state == "aborted")
            await stage.MustAsync("abort");
        var ended = await stage.UntilAsync(state);

        await stage.RestartAsync();

        (await stage.StepAsync()).EndedAt.ShouldBe(ended.EndedAt);
        stage.Replica.Current.Value!.Number.ShouldBe(ended.RestoredBy ?? ended.Candidate);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(-10)]
    public async Task Rollout_TwoReplicas_EachTransitionHappensOnceWhateverTheirClocksShow(int minutesApart)
    {
        await using var stage = await Stage.OpenAsync(4, replicas: 2, TimeSpan.FromMinutes(minutesApart));
        await stage.StartAsync(OneThenAll);

        var done = await stage.UntilAsync("completed");

        done.Nodes.Count.ShouldBe(4);
        using var client = new OperatorClient(stage.Replica);
        var acts = (await client.AuditAsync()).Select(entry => entry.Act).ToList();
        acts.Count(act => act == "rollout-wave").ShouldBe(2);
        acts.Count(act => act == "rollout-halt").ShouldBe(0);
        acts.Count(act => act == "rollout-complete").ShouldBe(1);
    }

    [Fact]
    public async Task Publication_DuringARollout_IsRefusedAndNamesIt()
    {
        await using var stage = await Stage.OpenAsync(nodes: 1);
        await stage.StartAsync(OneThenAll);

        using var response = await stage.Replica.PublishAsync(3);

        ((int)response.StatusCode).ShouldBe(409);
        var problem = await response.ProblemAsync();
        problem.GetProperty("code").GetString().ShouldBe("VX-2031");
        problem.GetProperty("detail").GetString()!.ShouldContain("Rollout 1");
        using var client = new OperatorClient(stage.Replica);
        await client.PostAsync("versions/1/rollback?reason=Test").ShouldBeRefusedAsync(409, "VX-2031");
    }

    [Fact]
    public async Task Start_Unusable_IsRefusedAndChangesNothing()
    {
        await using var stage = await Stage.OpenAsync(nodes: 1);
        using var client = new OperatorClient(stage.Replica);
        var proposal = await client.MustProposeAsync(4);

        await stage.PostAsync(new(99, OneThenAll, 5, "Test")).ShouldBeRefusedAsync(404, "VX-2024");
        await stage.PostAsync(new(1, OneThenAll, 4, "Test")).ShouldBeRefusedAsync(400, "VX-2006");
        await stage.PostAsync(new(1, [], 5, "Test")).ShouldBeRefusedAsync(400, "VX-2006");
        await stage.PostAsync(new(1, [new()], 5, "Test")).ShouldBeRefusedAsync(400, "VX-2006");
        await stage.PostAsync(new(1, [new(Label: "a\0")], 5, "Test")).ShouldBeRefusedAsync(400, "VX-2006");
        await stage.CommandAsync("abort").ShouldBeRefusedAsync(404, "VX-2032");
        await client.MustAsync("freeze?reason=Test");
        await stage.PostAsync(new(1, OneThenAll, 5, "Test")).ShouldBeRefusedAsync(409, "VX-2020");

        stage.Replica.Current.Value!.Number.ShouldBe(1);
        (await client.AuditAsync())[^1].Act.ShouldBe("freeze");
        proposal.Number.ShouldBe(1);
    }
}
