using System.Buffers.Binary;
using System.Text;
using Veltrix.Conformance.Tests.Wire;
using static Veltrix.Conformance.Tests.Wire.WireRequests;

namespace Veltrix.Conformance.Tests;

/// <summary>Writing records: every version, batches that clients do not send, and those of idempotent producers.</summary>
public sealed class WireProduceTests : WireScenario
{
    [Fact]
    public async Task ProduceThenFetch_InEveryVersion_GiveTheRecordsBack()
    {
        var id = await Client.TopicIdAsync(Name);
        var offset = 0L;
        foreach (var version in Versions("Produce", 3, 11))
        {
            var batch = WireBatch.Create(["first", $"version {version}"]);
            var produced = await Client.ProduceAsync(Name, batch, version: version);
            produced.Error.ShouldBe<short>(0);
            produced["baseOffset"].ShouldBe(offset);
            offset += 2;
        }
        foreach (var version in Versions("Fetch", 4, 16))
        {
            var fetched = await Client.FetchAsync(Name, offset - 2, topicId: id, version: version);
            fetched.Error.ShouldBe<short>(0);
            fetched["highWatermark"].ShouldBe(offset);
            Encoding.UTF8.GetString(fetched.Get<byte[]>("records")).ShouldContain("version ");
        }
    }

    [Fact]
    public async Task Batch_ThatIsMalformed_IsRefusedWithKafkasCodes()
    {
        var good = WireBatch.Create(["value"]);
        (await ErrorAsync([])).ShouldBe<short>(87);
        (await ErrorAsync(good[..^1])).ShouldBe<short>(87);
        (await ErrorAsync([.. good, .. good])).ShouldBe<short>(87);
        (await ErrorAsync(Changed(16, 1))).ShouldBe<short>(87);
        (await ErrorAsync(Changed(16, 9))).ShouldBe<short>(2);
        (await ErrorAsync(Changed(65, 0x55))).ShouldBe<short>(2);
        (await ErrorAsync(Changed(7, 5))).ShouldBe<short>(87);
        (await ErrorAsync(WireBatch.Sign(Changed(60, 3)))).ShouldBe<short>(87);
        (await ErrorAsync(WireBatch.Sign(Changed(22, 0x20)))).ShouldBe<short>(87);
        (await ErrorAsync(WireBatch.Sign(Changed(22, 7)))).ShouldBe<short>(-1);
        (await ErrorAsync(good, acks: 2)).ShouldBe<short>(21);
        (await ErrorAsync(good, partition: 77)).ShouldBe<short>(3);
        (await ErrorAsync(good)).ShouldBe<short>(0);

        async Task<short> ErrorAsync(byte[] batch, short acks = -1, int partition = 0) =>
            (await Client.ProduceAsync(Name, batch, acks, partition: partition)).Error;
    }

    [Fact]
    public async Task SameSequenceAgain_IsAnsweredWithTheFirstOffset()
    {
        var producer = await Client.ProducerIdAsync();
        for (var sequence = 0; sequence < 7; sequence++)
            (await Client.ProduceAsync(Name, Batch(sequence)))["baseOffset"].ShouldBe((long)sequence);

        for (var sequence = 2; sequence < 7; sequence++)
        {
            var repeated = await Client.ProduceAsync(Name, Batch(sequence));
            repeated.Error.ShouldBe<short>(0);
            repeated["baseOffset"].ShouldBe((long)sequence);
        }
        (await Client.ProduceAsync(Name, Batch(1))).Error.ShouldBe<short>(45);
        (await Client.ProduceAsync(Name, Batch(9))).Error.ShouldBe<short>(45);
        (await Client.ProduceAsync(Name, Batch(0, epoch: 1))).Error.ShouldBe<short>(0);
        (await Client.ProduceAsync(Name, Batch(7))).Error.ShouldBe<short>(47);

        byte[] Batch(int sequence, short epoch = 0) => WireBatch.Create([$"{sequence}"], producer, epoch, sequence);
    }

    [Fact]
    public async Task Batch_WhoseHeaderSaysAnotherTimestamp_IsTaken()
    {
        var batch = WireBatch.Create(["value"]);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(35), 1);
        (await Client.ProduceAsync(Name, WireBatch.Sign(batch))).Error.ShouldBe<short>(0);
    }

    [Fact]
    public async Task WithoutAcknowledgement_AnErrorClosesTheConnection()
    {
        var api = WireProtocol.Api("Produce");
        var good = Produce(Name, WireBatch.Create(["value"]), acks: 0);
        await Client.SendFrameAsync(WireClient.Frame(api, 7, flexible: false, 1, good));
        // Nothing answers it: the next answer is the next request's.
        (await Client.SendAsync("ApiVersions", 0, [])).Error.ShouldBe<short>(0);

        var bad = Produce(Name, Changed(65, 0x55), acks: 0);
        await Client.SendFrameAsync(WireClient.Frame(api, 7, flexible: false, 2, bad));
        (await Client.IsClosedAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Producer_ThatThePartitionDoesNotKnow_BeginsAnywhere_AndItsSequenceWraps()
    {
        var producer = await Client.ProducerIdAsync();
        (await Client.ProduceAsync(Name, Batch(int.MaxValue))).Error.ShouldBe<short>(0);
        (await Client.ProduceAsync(Name, Batch(0))).Error.ShouldBe<short>(0);
        (await Client.ProduceAsync(Name, Batch(2))).Error.ShouldBe<short>(45);

        byte[] Batch(int sequence) => WireBatch.Create(["value"], producer, 0, sequence);
    }

    [Fact]
    public async Task NewEpoch_BeginsAtZero_AndEndsTheOldOne()
    {
        var producer = await Client.ProducerIdAsync();
        (await Client.ProduceAsync(Name, Batch(0, 0))).Error.ShouldBe<short>(0);
        (await Client.ProduceAsync(Name, Batch(1, 1))).Error.ShouldBe<short>(45);
        (await Client.ProduceAsync(Name, Batch(1, 0))).Error.ShouldBe<short>(0);
        (await Client.ProduceAsync(Name, Batch(0, 1))).Error.ShouldBe<short>(47);

        byte[] Batch(short epoch, int sequence) => WireBatch.Create(["value"], producer, epoch, sequence);
    }

    private static byte[] Changed(int position, byte value)
    {
        var batch = WireBatch.Create(["value"]);
        batch[position] = value;
        return batch;
    }
}
