using System.Text;
using Veltrix.Conformance.Tests.Wire;

namespace Veltrix.Conformance.Tests;

/// <summary>When Apache Kafka's fetches wait, and for what not. The client gives up long before the waits end.</summary>
public sealed class WireFetchTests : WireScenario
{
    private const int LongMilliseconds = 600_000;

    [Fact]
    public async Task Fetch_OfAnUnknownPartitionBesideAnEmptyOne_Waits()
    {
        var producer = await ConnectAsync();
        (await producer.ProduceAsync(Name, WireBatch.Create(["before"]))).Error.ShouldBe<short>(0);
        var waiting = FetchAsync(WireRequests.FetchPartition(1), WireRequests.FetchPartition(0, partition: 77));
        (await producer.ProduceAsync(Name, WireBatch.Create(["awaited"]))).Error.ShouldBe<short>(0);
        var partitions = (await waiting).Only("responses").List("partitions");
        var unknown = partitions.Single(partition => partition.Get<int>("partitionIndex") == 77);
        unknown.Error.ShouldBe<short>(3);
        unknown["highWatermark"].ShouldBe(-1L);
        var good = partitions.Single(partition => partition.Get<int>("partitionIndex") == 0);
        good.Error.ShouldBe<short>(0);
        Encoding.UTF8.GetString(good.Get<byte[]>("records")).ShouldContain("awaited");
    }

    [Fact]
    public async Task Fetch_OutOfRange_AnswersAtOnce()
    {
        var partition = (await FetchAsync(WireRequests.FetchPartition(5))).Only("responses").Only("partitions");
        partition.Error.ShouldBe<short>(1);
        partition["highWatermark"].ShouldBe(-1L);
    }

    [Fact]
    public async Task Fetch_OfErrorsOnlyOrOfNothing_AnswersAtOnce()
    {
        var unknown = (await FetchAsync(WireRequests.FetchPartition(0, partition: 77))).Only("responses");
        unknown.Only("partitions").Error.ShouldBe<short>(3);
        (await FetchAsync()).List("responses").ShouldBeEmpty();
    }

    [Fact]
    public async Task Fetch_OfASmallPartOfMuch_GivesTheFirstBatchWhole()
    {
        (await Client.ProduceAsync(Name, WireBatch.Create(["first"]))).Error.ShouldBe<short>(0);
        (await Client.ProduceAsync(Name, WireBatch.Create(["second"]))).Error.ShouldBe<short>(0);
        var wanted = WireRequests.FetchPartition(0);
        wanted["partitionMaxBytes"] = 1;
        var records = (await FetchAsync(wanted)).Only("responses").Only("partitions").Get<byte[]>("records");
        Encoding.UTF8.GetString(records).ShouldContain("first");
        Encoding.UTF8.GetString(records).ShouldNotContain("second");
    }

    [Fact]
    public async Task Connection_ThatAnnouncesAnImpossibleSize_IsClosed()
    {
        foreach (var size in new[] { -1, 104_857_601, int.MaxValue })
        {
            var client = await ConnectAsync();
            await client.SendSizeAsync(size);
            (await client.IsClosedAsync()).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task SaslHandshake_InBothVersions_IsRefusedOnAPlainListener()
    {
        foreach (var version in new short[] { 0, 1 })
        {
            var answer = await Client.SendAsync("SaslHandshake", version, new() { ["mechanism"] = "PLAIN" });
            answer.Error.ShouldBe<short>(34);
        }
    }

    private Task<Fields> FetchAsync(params Fields[] partitions) =>
        Client.SendAsync("Fetch", 11, WireRequests.Fetch(Name, partitions, LongMilliseconds));
}
