using System.Text;
using Veltrix.Conformance.Tests.Wire;
using static Veltrix.Conformance.Tests.Wire.WireRequests;

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
        var waiting = FetchAsync(FetchPartition(1), FetchPartition(0, partition: 77));
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
        var partition = (await FetchAsync(FetchPartition(5))).Only("responses").Only("partitions");
        partition.Error.ShouldBe<short>(1);
        partition["highWatermark"].ShouldBe(-1L);
    }

    [Fact]
    public async Task Fetch_OfErrorsOnlyOrOfNothing_AnswersAtOnce()
    {
        var unknown = (await FetchAsync(FetchPartition(0, partition: 77))).Only("responses");
        unknown.Only("partitions").Error.ShouldBe<short>(3);
        (await FetchAsync()).List("responses").ShouldBeEmpty();
    }

    [Fact]
    public async Task Fetch_OfASmallPartOfMuch_GivesTheFirstBatchWhole()
    {
        (await Client.ProduceAsync(Name, WireBatch.Create(["first"]))).Error.ShouldBe<short>(0);
        (await Client.ProduceAsync(Name, WireBatch.Create(["second"]))).Error.ShouldBe<short>(0);
        var wanted = FetchPartition(0);
        wanted["partitionMaxBytes"] = 1;
        var records = (await FetchAsync(wanted)).Only("responses").Only("partitions").Get<byte[]>("records");
        Encoding.UTF8.GetString(records).ShouldContain("first");
        Encoding.UTF8.GetString(records).ShouldNotContain("second");
    }

    [Fact]
    public async Task Fetch_OfASessionThatIsNotThere_IsAnError()
    {
        var request = Fetch(Name, []);
        request["sessionId"] = 77;
        request["sessionEpoch"] = 1;
        (await Client.SendAsync("Fetch", 12, request)).Error.ShouldBe<short>(70);
    }

    [Fact]
    public async Task Fetch_OfAnUnknownTopicId_IsAnErrorOfThePartition()
    {
        var partition = await Client.FetchAsync("", topicId: Guid.NewGuid(), version: 13);
        partition.Error.ShouldBe<short>(100);
        partition["highWatermark"].ShouldBe(-1L);
        partition.List("abortedTransactions").ShouldBeEmpty();
    }

    private Task<Fields> FetchAsync(params Fields[] partitions) =>
        Client.SendAsync("Fetch", 11, Fetch(Name, partitions, LongMilliseconds));
}
