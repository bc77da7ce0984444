using Veltrix.Configuration;
using Veltrix.Configuration.Differences;
using Veltrix.Configuration.History;
using Veltrix.ServiceDefaults.Security;

namespace Veltrix.Config.Tests;

public sealed class PolicyTests(SharedReplica shared)
{
    private const string Workers = "$.processor.workers";

    [Fact]
    public async Task Freeze_OnOneReplica_StopsEveryPublicationOnBoth()
    {
        await using var database = await Database.NewAsync();
        await using var left = await Replica.StartReadyAsync(database);
        await using var right = await Replica.StartReadyAsync(database);
        using var here = new OperatorClient(left);
        using var there = new OperatorClient(right);
        await here.MustProposeAsync(workers: 5);

        await here.MustAsync("freeze?reason=Release%20night");

        foreach (
            var request in new[]
            {
                right.PublishAsync(workers: 3),
                there.PostAsync("proposals/1/publish"),
                there.PostAsync("versions/1/rollback?reason=r"),
            }
        )
        {
            using var refused = await request;
            ((int)refused.StatusCode).ShouldBe(409);
            var problem = await refused.ProblemAsync();
            problem.GetProperty("code").GetString().ShouldBe("VX-2020");
            problem.GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("Release night");
        }
        var policy = await there.GetAsync("policy", HistoryJson.Default.PublicationPolicy);
        (policy.Freeze!.By, policy.Freeze.Reason).ShouldBe((Roles.Operator, "Release night"));
        // What publishes nothing goes on.
        await there.MustAsync("proposals/1/approve");

        await there.MustAsync("unfreeze?reason=Done");
        await here.MustAsync("proposals/1/publish");
        (await here.GetAsync("policy", HistoryJson.Default.PublicationPolicy)).Freeze.ShouldBeNull();
        (await here.AuditAsync())
            .Select(entry => entry.Act)
            .ShouldBe([
                ConfigurationActs.Publish,
                ConfigurationActs.Propose,
                ConfigurationActs.Freeze,
                ConfigurationActs.Approve,
                ConfigurationActs.Unfreeze,
                ConfigurationActs.Publish,
            ]);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("DELETE")]
    public async Task Pin_PathThatIsNone_IsRefused(string method)
    {
        using var client = new OperatorClient(shared.Replica);
        foreach (var path in new[] { "", "%00", new string('p', 2_001) })
            await client
                .SendAsync(new HttpMethod(method), $"pins?reason=r&path={path}")
                .ShouldBeRefusedAsync(422, "VX-2026");
    }

    [Fact]
    public async Task FourEyes_Required_OnlyAnotherKeysApprovalPublishes()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);
        using var author = new OperatorClient(replica);
        using var second = new OperatorClient(replica, Replica.SecondOperator);
        await author.MustProposeAsync(workers: 5);
        // Approved by the author while that was allowed: it does not count later.
        await author.MustAsync("proposals/1/approve");
        await author.MustAsync("four-eyes?required=true&reason=Audit");

        await replica.PublishAsync(workers: 3).ShouldBeRefusedAsync(409, "VX-2022");
        await author.PostAsync("versions/1/rollback?reason=r").ShouldBeRefusedAsync(409, "VX-2022");
        await second.PostAsync("proposals/1/publish").ShouldBeRefusedAsync(409, "VX-2022");
        await author.PostAsync("proposals/1/approve").ShouldBeRefusedAsync(403, "VX-2023");
        (await author.MustProposeAsync(workers: 6)).Number.ShouldBe(2);
        await second.PostAsync("proposals/2/publish").ShouldBeRefusedAsync(409, "VX-2022");
        replica.Current.Value!.Number.ShouldBe(1);

        await second.MustAsync("proposals/1/approve");
        await author.MustAsync("proposals/1/publish");
        replica.Current.Value!.Number.ShouldBe(2);

        // One pair of eyes does not do away with the second.
        await author.MustAsync("four-eyes?required=false&reason=Over");
        var policy = await second.GetAsync("policy", HistoryJson.Default.PublicationPolicy);
        policy.FourEyes.ShouldBeTrue();
        (policy.Waiver!.By, policy.Waiver.Reason).ShouldBe((Roles.Operator, "Over"));
        await author.PostAsync("four-eyes?required=false&reason=Over").ShouldBeRefusedAsync(403, "VX-2023");
        await replica.PublishAsync(workers: 3).ShouldBeRefusedAsync(409, "VX-2022");
        await second.MustAsync("four-eyes?required=false&reason=So+it+is");
        await replica.MustPublishAsync(workers: 3);
        (await second.GetAsync("policy", HistoryJson.Default.PublicationPolicy)).Waiver.ShouldBeNull();
        (await author.AuditAsync())
            .Select(entry => entry.Act)
            .Where(act => act.EndsWith("eyes", StringComparison.Ordinal))
            .ShouldBe([
                ConfigurationActs.RequireFourEyes,
                ConfigurationActs.AskToWaiveFourEyes,
                ConfigurationActs.WaiveFourEyes,
            ]);
    }

    [Fact]
    public async Task FourEyes_RequiredAgain_TakesBackWhatWasAskedFor()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);
        using var first = new OperatorClient(replica);
        using var second = new OperatorClient(replica, Replica.SecondOperator);
        // Where they are not required there is nothing to agree to.
        await first.MustAsync("four-eyes?required=false&reason=r");
        await first.MustAsync("four-eyes?required=true&reason=r");
        await first.MustAsync("four-eyes?required=false&reason=r");

        await first.MustAsync("four-eyes?required=true&reason=r");
        await second.MustAsync("four-eyes?required=false&reason=r");

        var policy = await second.GetAsync("policy", HistoryJson.Default.PublicationPolicy);
        (policy.FourEyes, policy.Waiver!.By).ShouldBe((true, Replica.SecondOperator));
    }

    [Fact]
    public async Task Pin_OfAPath_RefusesWhatChangesItAndNothingElse()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);
        using var client = new OperatorClient(replica);
        const string ToPlayersOnly = """[{"type":"com.example.a","topic":"players"}]""";
        (await client.PatchAsync($$"""{"eventTypes":{{ToPlayersOnly}}}""")).Dispose();
        await client.MustAsync("proposals/1/publish");
        await client.MustAsync($"pins?path={Workers}&reason=Measured");
        await client.MustAsync("pins?path=$.clusters['kafka'].topics['hunts'].partitions&reason=Keys");

        using var refused = await replica.PublishAsync(workers: 9);
        ((int)refused.StatusCode).ShouldBe(409);
        var problem = await refused.ProblemAsync();
        problem.GetProperty("code").GetString().ShouldBe("VX-2021");
        problem.GetProperty("paths").EnumerateArray().Select(path => path.GetString()).ShouldBe([Workers]);
        // The topic as a whole is gone, and with it what is pinned.
        using var without = await client.PatchAsync(
            """{"clusters":[{"name":"kafka","topics":[{"name":"players","partitions":6},{"name":"github","partitions":6}]}]}"""
        );
        ((int)without.StatusCode).ShouldBe(201);
        await client.PostAsync("proposals/2/publish").ShouldBeRefusedAsync(409, "VX-2021");

        using var other = await client.PatchAsync("""{"workflows":{"huntTimeoutMinutes":7}}""");
        await client.MustAsync("proposals/3/publish");
        await client
            .SendAsync(HttpMethod.Delete, "pins?path=$.processor&reason=r")
            .ShouldBeRefusedAsync(404, "VX-2027");
        await client.SendAsync(HttpMethod.Delete, $"pins?path={Workers}").ShouldBeRefusedAsync(422, "VX-2004");
        await client.MustAsync($"pins?path={Workers}&reason=Measured%20again", HttpMethod.Delete);
        await replica.MustPublishAsync(workers: 9);

        (await client.GetAsync("policy", HistoryJson.Default.PublicationPolicy))
            .Pins.ShouldHaveSingleItem()
            .Reason.ShouldBe("Keys");
        (await client.AuditAsync())
            .Where(entry => entry.Path == Workers)
            .Select(entry => (entry.Act, entry.Reason))
            .ShouldBe([(ConfigurationActs.Pin, "Measured"), (ConfigurationActs.Unpin, "Measured again")]);
    }

    [Fact]
    public async Task RollBack_ToAnEarlierVersion_PublishesItsDocumentAsANewOne()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);
        using var client = new OperatorClient(replica, Replica.SecondOperator);
        var good = await replica.MustPublishAsync(workers: 3);
        await replica.MustPublishAsync(workers: 200);

        await client.PostAsync("versions/2/rollback?reason=r", "\"2\"").ShouldBeRefusedAsync(412, "VX-2002");
        using var response = await client.PostAsync("versions/2/rollback?reason=Lag%20grew", "\"3\"");
        var version = await response.VersionAsync();

        ((int)response.StatusCode).ShouldBe(201);
        response.Headers.Location!.ToString().ShouldBe("/configuration/versions/4");
        (version.Number, version.Parent, version.Hash).ShouldBe((4, 3, good.Hash));
        (version.Author, version.Reason).ShouldBe((Replica.SecondOperator, "Lag grew"));
        (await client.ExportAsync(4)).ShouldBe(await client.ExportAsync(2));
        var act = (await client.AuditAsync())[^1];
        (act.Act, act.Version).ShouldBe((ConfigurationActs.RollBack, 4));
        var differences = await client.GetAsync("diff?from=3", HistoryJson.Default.ConfigurationDifferences);
        (differences.From, differences.To).ShouldBe((3, 4));
        var difference = differences.Differences.ShouldHaveSingleItem();
        (difference.Path, difference.Kind).ShouldBe((Workers, DifferenceKind.Changed));
        (difference.Before!.Value.GetInt32(), difference.After!.Value.GetInt32()).ShouldBe((200, 3));
        (
            await client.GetAsync("diff?from=2&to=4", HistoryJson.Default.ConfigurationDifferences)
        ).Differences.ShouldBeEmpty();
    }
}
