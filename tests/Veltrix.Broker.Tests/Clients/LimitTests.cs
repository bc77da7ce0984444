using Veltrix.Broker.Network;
using Veltrix.Conformance.Tests.Wire;
using Veltrix.Testing;

namespace Veltrix.Broker.Tests.Clients;

/// <summary>Every limit, and that a client which is slow, stalled or greedy harms no other.</summary>
public sealed class LimitTests
{
    private const int MegabyteBytes = 1024 * 1024;

    [Fact]
    public async Task Connections_BeyondTheLimit_AreClosedAndTheOthersGoOn()
    {
        await using var broker = await TestBroker.StartAsync(options => options.MaximumConnections = 2);
        using var first = await ConnectAsync(broker);
        var second = await ConnectAsync(broker);
        using var third = await WireClient.ConnectAsync(broker.Servers);
        (await third.IsClosedAsync()).ShouldBeTrue();
        (await first.SendAsync("ApiVersions", 0, [])).Error.ShouldBe<short>(0);
        second.Dispose();
        await Eventually.HoldsAsync(
            () => broker.Server.ConnectionCount == 1,
            cancellation: TestContext.Current.CancellationToken
        );
        using var fourth = await ConnectAsync(broker);
    }

    [Fact]
    public async Task Request_BeyondTheLimit_ClosesItsConnection()
    {
        await using var broker = await TestBroker.StartAsync(options =>
        {
            options.MaximumMessageBytes = 2000;
            options.MaximumRequestBytes = 10_000;
        });
        using var client = await ConnectAsync(broker);
        await client.CreateTopicAsync("topic");
        (await client.ProduceAsync("topic", Large(2100))).Error.ShouldBe<short>(10);
        await client.SendSizeAsync(10_001);
        (await client.IsClosedAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task TopicsPartitionsGroupsAndIds_BeyondTheirLimits_AreRefused()
    {
        await using var broker = await TestBroker.StartAsync(options =>
        {
            options.MaximumTopics = 2;
            options.MaximumPartitions = 5;
            options.MaximumGroups = 1;
            options.MaximumGroupMembers = 1;
            options.MaximumTransactionalIds = 1;
        });
        using var client = await ConnectAsync(broker);
        (await CreateAsync("many", 6)).ShouldBe<short>(37);
        (await CreateAsync("first", 1)).ShouldBe<short>(0);
        (await CreateAsync("many", int.MaxValue)).ShouldBe<short>(37);
        (await CreateAsync("second", 4)).ShouldBe<short>(0);
        (await CreateAsync("third", 1)).ShouldBe<short>(42);
        (await CreateAsync("third", int.MaxValue)).ShouldBe<short>(42);
        (await GrowAsync("second", 5)).ShouldBe<short>(37);
        (await GrowAsync("second", int.MaxValue)).ShouldBe<short>(37);

        (await client.JoinAsync("group")).Error.ShouldBe<short>(0);
        (await client.JoinAsync("group")).Error.ShouldBe<short>(81);
        (await client.SendAsync("JoinGroup", 5, WireRequests.Join("another"))).Error.ShouldBe<short>(15);
        await client.InitializeProducerAsync("id");
        Fields another = new() { ["transactionalId"] = "another", ["transactionTimeoutMs"] = 1000 };
        (await client.SendAsync("InitProducerId", 1, another)).Error.ShouldBe<short>(15);
        another["transactionalId"] = "id";
        another["transactionTimeoutMs"] = 900_001;
        (await client.SendAsync("InitProducerId", 1, another)).Error.ShouldBe<short>(50);

        async Task<short> GrowAsync(string name, int partitions)
        {
            Fields topic = new() { ["name"] = name, ["count"] = partitions };
            var grown = await client.SendAsync("CreatePartitions", 1, new() { ["topics"] = new[] { topic } });
            return grown.Only("results").Error;
        }

        async Task<short> CreateAsync(string name, int partitions)
        {
            Fields topic = new()
            {
                ["name"] = name,
                ["numPartitions"] = partitions,
                ["replicationFactor"] = 1,
            };
            var created = await client.SendAsync("CreateTopics", 5, new() { ["topics"] = new[] { topic } });
            return created.Only("topics").Error;
        }
    }

    [Fact]
    public async Task HalfARequest_HoldsLittleMemory_AndEndsItsConnection()
    {
        await using var broker = await TestBroker.StartAsync(options =>
        {
            OneLargeRequestAtATime(options);
            options.MaximumReceiveSeconds = 2;
        });
        using var good = await ConnectAsync(broker);
        await good.CreateTopicAsync("topic");
        using var silent = await ConnectAsync(broker);
        await silent.SendSizeAsync(2 * MegabyteBytes);
        // It has announced all the memory there is, and holds a small part of it.
        (await good.ProduceAsync("topic", Large(MegabyteBytes))).Error.ShouldBe<short>(0);
        (await silent.IsClosedAsync()).ShouldBeTrue();
        await HoldsNothingAsync(broker);
    }

    [Fact]
    public async Task RequestThatStalls_IsNotWaitedForWhenOthersNeedItsMemory()
    {
        await using var broker = await TestBroker.StartAsync(options =>
        {
            OneLargeRequestAtATime(options);
            options.MaximumReceiveSeconds = 3600;
        });
        using var good = await ConnectAsync(broker);
        await good.CreateTopicAsync("topic");
        using var stalled = await ConnectAsync(broker);
        await stalled.SendSizeAsync(2 * MegabyteBytes);
        await stalled.SendBytesAsync(new byte[MegabyteBytes]);
        await Eventually.HoldsAsync(
            () => broker.Server.RequestBytesInFlight >= 2 * MegabyteBytes,
            cancellation: TestContext.Current.CancellationToken
        );
        (await good.ProduceAsync("topic", Large(1000))).Error.ShouldBe<short>(0);
        (await good.ProduceAsync("topic", Large(MegabyteBytes))).Error.ShouldBe<short>(0);
        (await stalled.IsClosedAsync()).ShouldBeTrue();
        await HoldsNothingAsync(broker);
    }

    [Fact]
    public async Task RequestThatWaits_HoldsNoMemory()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await ConnectAsync(broker);
        await client.CreateTopicAsync("topic");
        Fields[] partitions = [.. Enumerable.Repeat(WireRequests.FetchPartition(0), 10_000)];
        var fetch = WireRequests.Fetch("topic", partitions, maximumWaitMilliseconds: 600_000);
        await client.SendFrameAsync(WireClient.Frame(WireProtocol.Api("Fetch"), 11, flexible: false, 1, fetch));
        await Eventually.HoldsAsync(
            () => broker.Node.Metrics.LargestRequestBytes > ByteBudget.FirstBytes,
            cancellation: TestContext.Current.CancellationToken
        );
        await HoldsNothingAsync(broker);
    }

    [Fact]
    public async Task RequestsOtherThanProduce_AreShorter()
    {
        await using var broker = await TestBroker.StartAsync(options => options.MaximumControlRequestBytes = 100_000);
        using var client = await ConnectAsync(broker);
        await client.CreateTopicAsync("topic");
        (await client.ProduceAsync("topic", Large(200_000))).Error.ShouldBe<short>(0);
        (await AskAsync(20_000)).List("topics").ShouldNotBeEmpty();
        await Should.ThrowAsync<IOException>(() => AskAsync(200_000));

        Task<Fields> AskAsync(int bytes)
        {
            Fields[] topics = [new() { ["name"] = new string('x', 200) }];
            var names = Enumerable.Repeat(topics[0], bytes / 202).ToArray();
            return client.SendAsync("Metadata", 4, new() { ["topics"] = names });
        }
    }

    [Fact]
    public async Task ClientThatStopsReading_HoldsLittleMemory_AndTheOthersAreServed()
    {
        await using var broker = await TestBroker.StartAsync();
        using var good = await ConnectAsync(broker);
        await good.CreateTopicAsync("topic");
        for (var count = 0; count < 16; count++)
            (await good.ProduceAsync("topic", Large(MegabyteBytes))).Error.ShouldBe<short>(0);

        var stalled = new List<WireClient>();
        var fetch = WireClient.Frame(
            WireProtocol.Api("Fetch"),
            11,
            flexible: false,
            1,
            WireRequests.Fetch("topic", [WireRequests.FetchPartition(0)])
        );
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var count = 0; count < 30; count++)
        {
            stalled.Add(await ConnectAsync(broker));
            // Each asks for 160 MB, and reads one byte of it.
            for (var request = 0; request < 10; request++)
                await stalled[^1].SendFrameAsync(fetch);
        }
        foreach (var client in stalled)
            await client.ReceiveByteAsync();
        // Whoever reads gets everything, while they stand there.
        var request16 = WireRequests.Fetch("topic", [WireRequests.FetchPartition(0)]);
        var fetched = (await good.SendAsync("Fetch", 11, request16)).Only("responses").Only("partitions");
        fetched.Get<byte[]>("records").Length.ShouldBeGreaterThan(15 * MegabyteBytes);
        fetched = new Fields();
        // Other tests are at work, too; one answer for each would be 480 MB.
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(200 * MegabyteBytes);
        stalled.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task ConnectionOnWhichNothingMoves_IsClosed()
    {
        await using var broker = await TestBroker.StartAsync(options => options.MaximumIdleSeconds = 1);
        using var silent = await WireClient.ConnectAsync(broker.Servers);
        (await silent.IsClosedAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task MemberThatGoesWhileItWaits_IsNotHeld()
    {
        await using var broker = await TestBroker.StartAsync();
        var gone = await ConnectAsync(broker);
        await gone.CreateTopicAsync("topic");
        var fetch = WireRequests.Fetch("topic", [WireRequests.FetchPartition(0)], maximumWaitMilliseconds: 600_000);
        await gone.SendFrameAsync(WireClient.Frame(WireProtocol.Api("Fetch"), 11, flexible: false, 1, fetch));
        gone.Dispose();
        await Eventually.HoldsAsync(
            () => broker.Server.ConnectionCount == 0,
            cancellation: TestContext.Current.CancellationToken
        );
    }

    private static void OneLargeRequestAtATime(BrokerOptions options)
    {
        options.MaximumRequestBytes = 2 * MegabyteBytes;
        options.MaximumBytesInFlight = 2 * MegabyteBytes;
    }

    private static Task HoldsNothingAsync(TestBroker broker) =>
        Eventually.HoldsAsync(
            () => broker.Server.RequestBytesInFlight == 0,
            cancellation: TestContext.Current.CancellationToken
        );

    private static async Task<WireClient> ConnectAsync(TestBroker broker)
    {
        var client = await WireClient.ConnectAsync(broker.Servers);
        (await client.SendAsync("ApiVersions", 0, [])).Error.ShouldBe<short>(0);
        return client;
    }

    /// <summary>A batch of one record whose content nobody looks at, about as large as wanted.</summary>
    private static byte[] Large(int bytes) => TestBatch.Create(payloadBytes: bytes - 100);
}
