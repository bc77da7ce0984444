using System.Text;
using Veltrix.Broker.Protocol;
using Veltrix.Conformance.Tests.Wire;

namespace Veltrix.Broker.Tests.Clients;

/// <summary>What depends on the node's options or on its very first requests, spoken byte by byte.</summary>
public sealed class WireServerTests
{
    private const string Password = "only-for-tests";

    [Fact]
    public async Task Coordinator_ThatNobodyAskedFor_IsNone()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await WireClient.ConnectAsync(broker.Servers);
        await client.CreateTopicAsync("topic");
        (await client.HeartbeatAsync("group", 1, "member")).ShouldBe<short>(16);
        (await client.SendAsync("JoinGroup", 5, WireRequests.Join("group"))).Error.ShouldBe<short>(16);
        (await client.CommitAsync("group", "topic")).ShouldBe<short>(16);
        Fields nobody = new() { ["memberId"] = "member", ["generationId"] = 1 };
        (await client.SyncAsync("group", nobody)).Error.ShouldBe<short>(16);
        (await client.SendAsync("OffsetFetch", 7, new() { ["groupId"] = "group" })).Error.ShouldBe<short>(16);
        foreach (var name in new[] { "LeaveGroup", "OffsetDelete" })
            (await client.SendAsync(name, 0, new() { ["groupId"] = "group" })).Error.ShouldBe<short>(16, name);
        (await client.SendAsync("DescribeGroups", 5, new() { ["groups"] = new[] { "group" } }))
            .Only("groups")
            .Error.ShouldBe<short>(16);
        (await client.SendAsync("DeleteGroups", 2, new() { ["groupsNames"] = new[] { "group" } }))
            .Only("results")
            .Error.ShouldBe<short>(16);
        await client.FindCoordinatorAsync("group");
        (await client.HeartbeatAsync("group", 1, "member")).ShouldBe<short>(25);

        Fields transaction = new() { ["transactionalId"] = "id", ["transactionTimeoutMs"] = 60_000 };
        (await client.SendAsync("InitProducerId", 1, transaction)).Error.ShouldBe<short>(16);
        (await client.SendAsync("EndTxn", 1, transaction)).Error.ShouldBe<short>(16);
        await client.FindCoordinatorAsync("id", type: 1);
        (await client.SendAsync("InitProducerId", 1, transaction)).Error.ShouldBe<short>(0);
    }

    [Fact]
    public async Task Coordinator_OfGroupsThatWereStored_IsFoundAfterARestart()
    {
        await using var broker = await TestBroker.StartAsync();
        using (var client = await WireClient.ConnectAsync(broker.Servers))
        {
            await client.CreateTopicAsync("topic");
            await client.FindCoordinatorAsync("group");
            (await client.CommitAsync("group", "topic")).ShouldBe<short>(0);
        }
        await broker.RestartAsync();
        using var again = await WireClient.ConnectAsync(broker.Servers);
        (await again.CommitAsync("group", "topic")).ShouldBe<short>(0);
    }

    [Fact]
    public async Task Metadata_ThatCreatesATopic_DoesNotKnowItYet()
    {
        await using var broker = await TestBroker.StartAsync(options => options.AutoCreateTopics = true);
        using var client = await WireClient.ConnectAsync(broker.Servers);
        Fields[] topics = [new() { ["name"] = "topic" }];
        Fields request = new() { ["topics"] = topics, ["allowAutoTopicCreation"] = true };
        (await client.SendAsync("Metadata", 8, request)).Only("topics").Error.ShouldBe<short>(3);
        (await client.SendAsync("Metadata", 8, request)).Only("topics").Error.ShouldBe<short>(0);
        topics[0]["name"] = "other";
        request["allowAutoTopicCreation"] = false;
        (await client.SendAsync("Metadata", 8, request)).Only("topics").Error.ShouldBe<short>(3);
        (await client.SendAsync("Metadata", 8, request)).Only("topics").Error.ShouldBe<short>(3);
    }

    [Fact]
    public async Task Announced_AreTheVersionsThatClientsLookFor()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await WireClient.ConnectAsync(broker.Servers);
        var announced = (await client.SendAsync("ApiVersions", 0, [])).List("apiKeys");
        announced.Count.ShouldBe(Enum.GetValues<ApiKey>().Length);
        announced.ShouldAllBe(api => WireProtocol.Apis.Any(known => known.Key == api.Get<short>("apiKey")));
        // librdkafka before 2.11.1 switches a feature on only where it sees these versions.
        foreach (
            var (name, version) in new (string, short)[]
            {
                ("Produce", 2),
                ("Produce", 7),
                ("Fetch", 2),
                ("Fetch", 4),
                ("Fetch", 10),
                ("JoinGroup", 0),
                ("FindCoordinator", 0),
                ("InitProducerId", 0),
                ("ListOffsets", 1),
                ("SaslHandshake", 0),
            }
        )
        {
            var key = WireProtocol.Api(name).Key;
            var api = announced.Single(each => each.Get<short>("apiKey") == key);
            api.Get<short>("minVersion").ShouldBeLessThanOrEqualTo(version, name);
            api.Get<short>("maxVersion").ShouldBeGreaterThanOrEqualTo(version, name);
        }
        // The formats of old are announced, and not spoken.
        await client.SendFrameAsync(WireClient.Frame(WireProtocol.Api("Produce"), 2, flexible: false, 1, []));
        (await client.IsClosedAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Answers_ComeInTheOrderOfTheirRequests()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await WireClient.ConnectAsync(broker.Servers);
        await client.CreateTopicAsync("topic");
        var fetch = WireRequests.Fetch("topic", [WireRequests.FetchPartition(0)], maximumWaitMilliseconds: 60_000);
        await client.SendFrameAsync(WireClient.Frame(WireProtocol.Api("Fetch"), 11, flexible: false, 101, fetch));
        await client.SendFrameAsync(WireClient.Frame(WireProtocol.Api("ApiVersions"), 0, flexible: false, 102, []));
        using var producer = await WireClient.ConnectAsync(broker.Servers);
        (await producer.ProduceAsync("topic", WireBatch.Create(["awaited"]))).Error.ShouldBe<short>(0);
        (await client.ReceiveFrameAsync())[..4].ShouldBe([0, 0, 0, 101]);
        (await client.ReceiveFrameAsync())[..4].ShouldBe([0, 0, 0, 102]);
    }

    [Fact]
    public async Task Identities_StayOverARestart_AndATopicMadeAgainHasAnother()
    {
        await using var broker = await TestBroker.StartAsync();
        var (cluster, topic) = await AskAsync(create: true);
        await broker.RestartAsync();
        (await AskAsync(create: false)).ShouldBe((cluster, topic));
        using (var client = await WireClient.ConnectAsync(broker.Servers))
            await client.SendAsync("DeleteTopics", 3, new() { ["topicNames"] = new[] { "topic" } });
        var (_, again) = await AskAsync(create: true);
        again.ShouldNotBe(topic);

        async Task<(string Cluster, Guid Topic)> AskAsync(bool create)
        {
            using var client = await WireClient.ConnectAsync(broker.Servers);
            if (create)
                await client.CreateTopicAsync("topic");
            var answer = await client.SendAsync("Metadata", 12, []);
            var node = answer.Only("brokers");
            node["host"].ShouldBe("127.0.0.1");
            answer["controllerId"].ShouldBe(node["nodeId"]);
            return (answer.Get<string>("clusterId"), answer.Only("topics").Get<Guid>("topicId"));
        }
    }

    [Fact]
    public async Task Sasl_WithATokenInARequest_OpensTheConnection()
    {
        await using var broker = await StartWithUserAsync();
        using var client = await WireClient.ConnectAsync(broker.Servers);
        var handshake = await client.SendAsync("SaslHandshake", 1, new() { ["mechanism"] = "PLAIN" });
        handshake.Error.ShouldBe<short>(0);
        handshake["mechanisms"].ShouldBe(new List<object?> { "PLAIN" });
        (await client.SendAsync("SaslAuthenticate", 2, Token("ingest", Password))).Error.ShouldBe<short>(0);
        (await client.SendAsync("Metadata", 8, [])).List("topics").ShouldBeEmpty();
    }

    [Fact]
    public async Task Sasl_OutOfOrder_EndsTheConnection()
    {
        await using var broker = await StartWithUserAsync();
        using var hasty = await WireClient.ConnectAsync(broker.Servers);
        var token = Token("ingest", Password);
        await hasty.SendFrameAsync(WireClient.Frame(WireProtocol.Api("SaslAuthenticate"), 2, true, 1, token));
        (await hasty.IsClosedAsync()).ShouldBeTrue();

        using var other = await WireClient.ConnectAsync(broker.Servers);
        (await other.SendAsync("SaslHandshake", 1, new() { ["mechanism"] = "GSSAPI" })).Error.ShouldBe<short>(33);
        (await other.IsClosedAsync()).ShouldBeTrue();

        using var undecided = await WireClient.ConnectAsync(broker.Servers);
        (await undecided.SendAsync("SaslHandshake", 1, new() { ["mechanism"] = "PLAIN" })).Error.ShouldBe<short>(0);
        (await undecided.SendAsync("SaslHandshake", 1, new() { ["mechanism"] = "PLAIN" })).Error.ShouldBe<short>(34);
        (await undecided.IsClosedAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Sasl_WithABareToken_OpensTheConnection()
    {
        await using var broker = await StartWithUserAsync();
        using var client = await WireClient.ConnectAsync(broker.Servers);
        (await client.SendAsync("SaslHandshake", 0, new() { ["mechanism"] = "PLAIN" })).Error.ShouldBe<short>(0);
        await client.SendFrameAsync(Encoding.UTF8.GetBytes($"\0ingest\0{Password}"));
        (await client.ReceiveFrameAsync()).ShouldBeEmpty();
        (await client.SendAsync("Metadata", 8, [])).List("topics").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("ingest", "wrong")]
    [InlineData("nobody", Password)]
    [InlineData("", "")]
    public async Task Sasl_WithAWrongToken_EndsTheConnection(string user, string password)
    {
        await using var broker = await StartWithUserAsync();
        using var client = await WireClient.ConnectAsync(broker.Servers);
        await client.SendAsync("SaslHandshake", 1, new() { ["mechanism"] = "PLAIN" });
        (await client.SendAsync("SaslAuthenticate", 2, Token(user, password))).Error.ShouldBe<short>(58);
        (await client.IsClosedAsync()).ShouldBeTrue();

        using var bare = await WireClient.ConnectAsync(broker.Servers);
        await bare.SendAsync("SaslHandshake", 0, new() { ["mechanism"] = "PLAIN" });
        await bare.SendFrameAsync(Encoding.UTF8.GetBytes($"\0{user}\0{password}"));
        (await bare.IsClosedAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Request_BeforeAuthentication_EndsTheConnection()
    {
        await using var broker = await StartWithUserAsync();
        using var client = await WireClient.ConnectAsync(broker.Servers);
        (await client.SendAsync("ApiVersions", 0, [])).Error.ShouldBe<short>(0);
        await client.SendFrameAsync(WireClient.Frame(WireProtocol.Api("Metadata"), 8, false, 1, []));
        (await client.IsClosedAsync()).ShouldBeTrue();
        // Nobody unknown makes the broker wait for much.
        using var greedy = await WireClient.ConnectAsync(broker.Servers);
        await greedy.SendSizeAsync(100_000);
        (await greedy.IsClosedAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Connection_WhoseClientDoesNotSayWhoItIs_IsClosedSoon()
    {
        await using var broker = await TestBroker.StartAsync(options =>
        {
            options.Users["ingest"] = Password;
            options.MaximumReceiveSeconds = 1;
        });
        using var silent = await WireClient.ConnectAsync(broker.Servers);
        (await silent.IsClosedAsync()).ShouldBeTrue();
    }

    private static Task<TestBroker> StartWithUserAsync() =>
        TestBroker.StartAsync(options => options.Users["ingest"] = Password);

    private static Fields Token(string user, string password) =>
        new() { ["authBytes"] = Encoding.UTF8.GetBytes($"\0{user}\0{password}") };
}
