using System.Net.Http.Headers;
using Veltrix.Configuration;
using Veltrix.Configuration.Differences;
using Veltrix.Configuration.History;
using Veltrix.ServiceDefaults.Security;

namespace Veltrix.Config.Tests;

public sealed class ProposalTests(SharedReplica shared)
{
    private static readonly string[] Acts = ["validate", "approve?reason=r", "publish?reason=r", "withdraw?reason=r"];

    [Fact]
    public async Task Propose_ValidateApprovePublish_EachIsAnActOfItsOwn()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);
        using var author = new OperatorClient(replica);
        using var second = new OperatorClient(replica, Replica.SecondOperator);

        using var proposed = await author.ProposeAsync(OperatorClient.Json(Replica.WithWorkers(5)), "\"1\"");
        var proposal = await OperatorClient.ReadAsync(proposed, HistoryJson.Default.Proposal);
        ((int)proposed.StatusCode).ShouldBe(201);
        proposed.Headers.Location!.ToString().ShouldBe("/configuration/proposals/1");
        (proposal.State, proposal.Base, proposal.Author, proposal.Reason).ShouldBe(
            (ProposalState.Open, 1, Roles.Operator, "Test")
        );
        replica.Current.Value!.Number.ShouldBe(1);

        await author.MustAsync("proposals/1/validate");
        await second.MustAsync("proposals/1/approve?reason=Looks%20good");
        using var answer = await second.PostAsync("proposals/1/publish");
        var version = await answer.VersionAsync();

        ((int)answer.StatusCode).ShouldBe(201);
        (version.Number, version.Parent, version.Author, version.Reason).ShouldBe((2, 1, Roles.Operator, "Test"));
        version.Hash.ShouldBe(proposal.Hash);
        replica.Current.Value!.Number.ShouldBe(2);
        var done = await author.GetAsync("proposals/1", HistoryJson.Default.ProposalDocument);
        (done.Proposal.State, done.Proposal.Approver, done.Proposal.Version).ShouldBe(
            (ProposalState.Published, Replica.SecondOperator, 2)
        );
        done.Configuration.Processor.Workers.ShouldBe(5);
        (await author.AuditAsync())
            .Select(entry => (entry.Actor, entry.Act, entry.Proposal, entry.Version, entry.Reason))
            .ShouldBe([
                ("veltrix", ConfigurationActs.Publish, null, 1, "Safe defaults"),
                (Roles.Operator, ConfigurationActs.Propose, 1, null, "Test"),
                (Roles.Operator, ConfigurationActs.Validate, 1, null, "Errors found: 0"),
                (Replica.SecondOperator, ConfigurationActs.Approve, 1, null, "Looks good"),
                (Replica.SecondOperator, ConfigurationActs.Publish, 1, 2, "Test"),
            ]);
        foreach (var act in Acts)
            await author.PostAsync($"proposals/1/{act}").ShouldBeRefusedAsync(409, "VX-2025");
    }

    [Fact]
    public async Task Propose_MergePatch_ChangesOnlyWhatItNames()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);
        using var client = new OperatorClient(replica);

        using var response = await client.PatchAsync(
            """{"processor":{"workers":9},"workflows":null,"workflows2":null}"""
        );
        await Task.FromResult(response).ShouldBeRefusedAsync(422, "VX-2001");
        using var accepted = await client.PatchAsync("""{"processor":{"workers":9,"maximumBatchEvents":null}}""");

        ((int)accepted.StatusCode).ShouldBe(201);
        var differences = await client.GetAsync("proposals/1/diff", HistoryJson.Default.ConfigurationDifferences);
        (differences.From, differences.To, differences.Proposal).ShouldBe((1, null, 1));
        var difference = differences.Differences.ShouldHaveSingleItem();
        (difference.Path, difference.Kind).ShouldBe(("$.processor.workers", DifferenceKind.Changed));
        difference.After!.Value.GetInt32().ShouldBe(9);
    }

    [Theory]
    [InlineData("application/yaml")]
    [InlineData("application/x-yaml; charset=utf-8")]
    public async Task Propose_Yaml_IsTheSameDocument(string mediaType)
    {
        const string Document = """
            clusters:
              - { name: kafka, topics: [{ name: orders, partitions: 6 }] }
            eventTypes:
              - type: com.example.order.*
                topic: orders
            ingest: {}
            processor: { workers: 3 }
            workflows: {}
            """;
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);
        using var client = new OperatorClient(replica);
        using var content = new StringContent(Document);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);

        using var response = await client.SendAsync(HttpMethod.Post, "proposals?reason=Test", content);

        ((int)response.StatusCode).ShouldBe(201);
        var proposal = await client.GetAsync("proposals/1", HistoryJson.Default.ProposalDocument);
        proposal.Configuration.Processor.Workers.ShouldBe(3);
        proposal.Configuration.EventTypes.ShouldHaveSingleItem().Type.ShouldBe("com.example.order.*");
    }

    [Theory]
    [InlineData("processor: {}\nprocessor: {}", 422, "VX-2001", "$.processor")]
    [InlineData("processor: { wokers: 2 }", 422, "VX-2001", "$.processor.wokers")]
    [InlineData("processor: [", 400, "VX-2006", "not YAML: line ")]
    [InlineData("processor: &a {}\nworkflows: *a", 400, "VX-2006", "Anchors are not taken.")]
    public async Task Propose_YamlThatIsNotTaken_SaysWhere(string yaml, int status, string code, string where)
    {
        using var client = new OperatorClient(shared.Replica);

        using var response = await client.ProposeAsync(yaml, mediaType: "application/yaml");

        ((int)response.StatusCode).ShouldBe(status);
        var problem = await response.ProblemAsync();
        problem.GetProperty("code").GetString().ShouldBe(code);
        problem.GetRawText().ShouldContain(where);
    }

    [Fact]
    public async Task Propose_YamlThatUnfolds_IsRefusedBeforeItDoes()
    {
        var laughs = string.Concat(
            Enumerable.Range(1, 30).Select(level => $"a{level}: &a{level} [*a{level - 1}, *a{level - 1}]\n")
        );
        using var client = new OperatorClient(shared.Replica);

        await client
            .ProposeAsync($"a0: &a0 [lol]\n{laughs}", mediaType: "application/yaml")
            .ShouldBeRefusedAsync(400, "VX-2006");
        await client
            .ProposeAsync(new string('[', 1_000_000), mediaType: "application/yaml")
            .ShouldBeRefusedAsync(400, "VX-2006");
        await client
            .ProposeAsync(new string(' ', 1024 * 1024) + "{}", mediaType: "application/yaml")
            .ShouldBeRefusedAsync(413, "VX-2007");
    }

    [Fact]
    public async Task Publish_BaseIsNoLongerCurrent_IsStaleAndTheProposalWaits()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);
        using var client = new OperatorClient(replica);
        await client.MustProposeAsync(workers: 5);
        await replica.MustPublishAsync(workers: 6);

        await client.PostAsync("proposals/1/publish").ShouldBeRefusedAsync(412, "VX-2002");
        await client.PatchAsync("{}", ifMatch: "\"1\"").ShouldBeRefusedAsync(412, "VX-2002");

        var waiting = await client.GetAsync("proposals", HistoryJson.Default.IReadOnlyListProposal);
        waiting.ShouldHaveSingleItem().State.ShouldBe(ProposalState.Open);
        await client.MustAsync("proposals/1/withdraw?reason=Too%20late");
        foreach (var act in Acts)
            await client.PostAsync($"proposals/1/{act}").ShouldBeRefusedAsync(409, "VX-2025");
        (await client.AuditAsync())[^1].Reason.ShouldBe("Too late");
    }

    [Fact]
    public async Task Validate_ValuesOutsideTheirRange_NamesThemAndNothingIsPublished()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);
        using var client = new OperatorClient(replica);
        (await client.MustProposeAsync(workers: 0)).State.ShouldBe(ProposalState.Open);
        var looked = await client.GetAsync("proposals/1/diagnosis", HistoryJson.Default.ProposalVerdict);

        using var response = await client.PostAsync("proposals/1/validate");
        var verdict = await OperatorClient.ReadAsync(response, HistoryJson.Default.ProposalVerdict);

        verdict.Valid.ShouldBeFalse();
        verdict.Errors.ShouldHaveSingleItem().Path.ShouldBe("$.processor.workers");
        looked.Errors.ShouldBe(verdict.Errors);
        await client.PostAsync("proposals/1/approve").ShouldBeRefusedAsync(422, "VX-2001");
        await client.PostAsync("proposals/1/publish").ShouldBeRefusedAsync(422, "VX-2001");
        replica.Current.Value!.Number.ShouldBe(1);
        (await client.AuditAsync())
            .Select(entry => entry.Act)
            .ShouldBe([ConfigurationActs.Publish, ConfigurationActs.Propose, ConfigurationActs.Validate]);
    }

    [Fact]
    public async Task Publish_SameProposalOnTwoReplicasAtOnce_MakesOneVersion()
    {
        await using var database = await Database.NewAsync();
        await using var left = await Replica.StartReadyAsync(database);
        await using var right = await Replica.StartReadyAsync(database);
        using var here = new OperatorClient(left);
        using var there = new OperatorClient(right);
        await here.MustProposeAsync(workers: 5);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(turn => (turn % 2 == 0 ? here : there).PostAsync("proposals/1/publish"))
        );

        answers.Count(answer => (int)answer.StatusCode == 201).ShouldBe(1);
        answers.Count(answer => (int)answer.StatusCode == 409).ShouldBe(5);
        var verdict = await here.VerifyAsync();
        (verdict.Intact, verdict.Versions).ShouldBe((true, 2));
        (await right.Current.WaitBeyondAsync(1, TestContext.Current.CancellationToken)).Number.ShouldBe(2);
    }

    [Fact]
    public async Task Export_OfWhatWasImported_HasTheSameBytes()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);
        using var client = new OperatorClient(replica);
        var random = new Random(6);
        var configuration = PlatformConfiguration.Default;
        for (var number = 2; number <= 12; number++)
        {
            configuration = RandomConfiguration(random, configuration);
            var bytes = CanonicalJson.Write(configuration);
            using var proposed = await client.ProposeAsync(System.Text.Encoding.UTF8.GetString(bytes));
            await client.MustAsync($"proposals/{number - 1}/publish");

            (await client.ExportAsync(number)).ShouldBe(bytes);
        }
    }

    [Fact]
    public async Task Propose_WhileTheMostWait_IsRefused()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);
        using var client = new OperatorClient(replica);
        // A few at a time: each holds a connection of the database, which other tests need too.
        await Parallel.ForAsync(
            0,
            Config.Acts.ProposalActs.MaximumWaiting,
            new ParallelOptions
            {
                MaxDegreeOfParallelism = 4,
                CancellationToken = TestContext.Current.CancellationToken,
            },
            async (_, _) => await client.MustProposeAsync(workers: 3)
        );

        await client.PatchAsync("{}").ShouldBeRefusedAsync(409, "VX-2028");
        await client.MustAsync("proposals/7/withdraw?reason=Test");

        (await client.MustProposeAsync(workers: 3)).Number.ShouldBe(101);
    }

    [Theory]
    [InlineData("", 400, "VX-2006")]
    [InlineData("{", 400, "VX-2006")]
    [InlineData("[]", 422, "VX-2001")]
    [InlineData("{}", 422, "VX-2001")]
    [InlineData("""{"processor":{"workers":1,"workers":2}}""", 422, "VX-2001")]
    public async Task Propose_UnusableDocument_IsRefused(string body, int status, string code)
    {
        using var client = new OperatorClient(shared.Replica);

        await client.ProposeAsync(body).ShouldBeRefusedAsync(status, code);
    }

    [Theory]
    [InlineData("", 400, "VX-2006")]
    [InlineData("""{"processor":{"workers":1,"workers":2}}""", 400, "VX-2006")]
    [InlineData("""{"\ud800":1}""", 400, "VX-2006")]
    [InlineData("""{"processor":{"workers":"\ud800"}}""", 400, "VX-2006")]
    [InlineData("null", 422, "VX-2001")]
    [InlineData("[]", 422, "VX-2001")]
    [InlineData("""{"surprise":1}""", 422, "VX-2001")]
    [InlineData("""{"clusters":null}""", 422, "VX-2001")]
    [InlineData("""{"ingest":{"maximumBytesInFlight":9007199254740992}}""", 422, "VX-2001")]
    public async Task Propose_UnusablePatch_IsRefused(string body, int status, string code)
    {
        using var client = new OperatorClient(shared.Replica);

        await client.PatchAsync(body).ShouldBeRefusedAsync(status, code);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData(MergePatch.MediaType)]
    public async Task Propose_HugeOrDeepBody_IsRefused(string mediaType)
    {
        using var client = new OperatorClient(shared.Replica);
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 1_000)) + "1" + new string('}', 1_000);

        await client
            .ProposeAsync(new string(' ', 1024 * 1024 + 1), null, mediaType)
            .ShouldBeRefusedAsync(413, "VX-2007");
        await client.ProposeAsync(deep, null, mediaType).ShouldBeRefusedAsync(400, "VX-2006");
    }

    [Fact]
    public async Task Propose_OtherMediaTypeReasonOrIfMatch_IsRefused()
    {
        using var client = new OperatorClient(shared.Replica);

        await client.ProposeAsync("{}", null, "text/plain").ShouldBeRefusedAsync(415, "VX-9008");
        await client.PatchAsync("{}", "\"99\"").ShouldBeRefusedAsync(412, "VX-2002");
        await client.PatchAsync("{}", "1").ShouldBeRefusedAsync(400, "VX-2006");
        await client
            .SendAsync(HttpMethod.Post, "proposals", new StringContent("{}", null, "application/json"))
            .ShouldBeRefusedAsync(422, "VX-2004");
    }

    [Theory]
    [InlineData("proposals/99/validate", 404, "VX-2024")]
    [InlineData("proposals/99/approve", 404, "VX-2024")]
    [InlineData("proposals/99/publish", 404, "VX-2024")]
    [InlineData("proposals/99/withdraw?reason=r", 404, "VX-2024")]
    [InlineData("proposals/0/validate", 400, "VX-2006")]
    [InlineData("proposals/x/approve", 400, "VX-2006")]
    [InlineData("proposals/-1/publish", 400, "VX-2006")]
    [InlineData("proposals/99999999999/withdraw?reason=r", 400, "VX-2006")]
    [InlineData("proposals/1/withdraw", 422, "VX-2004")]
    [InlineData("proposals/1/approve?reason=%00", 422, "VX-2004")]
    [InlineData("proposals/1/publish?reason=%20", 422, "VX-2004")]
    [InlineData("versions/99/rollback?reason=r", 404, "VX-2003")]
    [InlineData("versions/x/rollback?reason=r", 400, "VX-2006")]
    [InlineData("versions/1/rollback", 422, "VX-2004")]
    [InlineData("freeze", 422, "VX-2004")]
    [InlineData("unfreeze?reason=", 422, "VX-2004")]
    [InlineData("four-eyes?reason=r", 400, "VX-2006")]
    [InlineData("four-eyes?required=maybe&reason=r", 400, "VX-2006")]
    [InlineData("four-eyes?required=true", 422, "VX-2004")]
    [InlineData("pins?path=$.processor.workers", 422, "VX-2004")]
    [InlineData("pins?reason=r", 422, "VX-2026")]
    [InlineData("pins?path=$.processor.worker&reason=r", 422, "VX-2026")]
    public async Task Act_UnusableRequest_IsRefused(string address, int status, string code)
    {
        using var client = new OperatorClient(shared.Replica);

        await client.PostAsync(address).ShouldBeRefusedAsync(status, code);
    }

    [Fact]
    public async Task AnyEndpoint_StoreIsAway_Is503WithRetryAfter()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);
        using var client = new OperatorClient(replica);
        await client.MustProposeAsync(workers: 5);
        await database.TakeAwayAsync();

        var answers = await Task.WhenAll([
            client.PatchAsync("{}"),
            .. Acts.Select(act => client.PostAsync($"proposals/1/{act}")),
            .. new[]
            {
                "versions/1/rollback?reason=r",
                "freeze?reason=r",
                "unfreeze?reason=r",
                "four-eyes?required=true&reason=r",
                "pins?path=$.processor&reason=r",
            }.Select(address => client.PostAsync(address)),
            client.SendAsync(HttpMethod.Delete, "pins?path=$.processor&reason=r"),
            .. new[]
            {
                "versions/1/document",
                "diff?from=1&to=1",
                "verify",
                "audit",
                "policy",
                "proposals",
                "proposals/1",
                "proposals/1/diff",
            }.Select(address => client.SendAsync(HttpMethod.Get, address)),
        ]);

        foreach (var answer in answers)
        {
            ((int)answer.StatusCode).ShouldBe(503, answer.RequestMessage!.RequestUri!.ToString());
            var seconds = answer.Headers.RetryAfter.ShouldNotBeNull().Delta.ShouldNotBeNull().TotalSeconds;
            var problem = await answer.ProblemAsync();
            problem.GetProperty("retryAfterSeconds").GetDouble().ShouldBe(seconds);
            problem.GetProperty("code").GetString().ShouldBe("VX-2005");
        }
        await database.BringBackAsync();
        (await client.GetAsync("proposals", HistoryJson.Default.IReadOnlyListProposal))
            .ShouldHaveSingleItem()
            .State.ShouldBe(ProposalState.Open);
        (await client.AuditAsync()).Count.ShouldBe(2);
    }

    private static PlatformConfiguration RandomConfiguration(Random random, PlatformConfiguration previous)
    {
        // Topics of its own beside those that are there: the doctor refuses to take one away that may hold events, or to
        // give it another number of partitions.
        var name = random.Next();
        var topics = Enumerable
            .Range(0, random.Next(1, 5))
            .Select(topic => new TopicConfiguration($"topic-{name}-{topic}", random.Next(1, 100)))
            .ToList();
        var start = PlatformConfiguration.Default;
        return start with
        {
            Clusters = [new ClusterConfiguration("kafka", [.. previous.Clusters[0].Topics, .. topics])],
            EventTypes =
            [
                .. topics.Select(
                    (topic, index) => new EventTypeConfiguration($"com.example.type-{index}-é\"\\", topic.Name)
                ),
            ],
            Ingest = start.Ingest with { MaximumBytesInFlight = random.NextInt64(1 << 23, 1L << 28) },
            Processor = start.Processor with { Workers = random.Next(1, 65) },
            Workflows = start.Workflows with { HuntTimeoutMinutes = random.Next(1, 525_601) },
        };
    }
}
