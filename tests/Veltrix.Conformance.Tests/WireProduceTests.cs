using System.Buffers.Binary;
using Veltrix.Conformance.Tests.Wire;

namespace Veltrix.Conformance.Tests;

/// <summary>What Apache Kafka answers to batches that clients do not send, and to those of idempotent producers.</summary>
public sealed class WireProduceTests : WireScenario
{
    [Fact]
    public async Task Batch_OfAnOldFormatOrAnUnknownCodec_IsRefused()
    {
        (await Client.ProduceAsync(Name, Changed(16, 1))).Error.ShouldBe<short>(87);
        (await Client.ProduceAsync(Name, WireBatch.Sign(Changed(22, 7)))).Error.ShouldBe<short>(-1);
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
        var good = WireRequests.Produce(Name, WireBatch.Create(["value"]), acks: 0);
        await Client.SendFrameAsync(WireClient.Frame(api, 7, flexible: false, 1, good));
        // Nothing answers it: the next answer is the next request's.
        (await Client.SendAsync("ApiVersions", 0, [])).Error.ShouldBe<short>(0);

        var bad = WireRequests.Produce(Name, Changed(65, 0x55), acks: 0);
        await Client.SendFrameAsync(WireClient.Frame(api, 7, flexible: false, 2, bad));
        (await Client.IsClosedAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Producer_ThatThePartitionDoesNotKnow_BeginsAnywhere_AndItsSequenceWraps()
    {
        var producer = await ProducerIdAsync();
        (await Client.ProduceAsync(Name, Batch(int.MaxValue))).Error.ShouldBe<short>(0);
        (await Client.ProduceAsync(Name, Batch(0))).Error.ShouldBe<short>(0);
        (await Client.ProduceAsync(Name, Batch(2))).Error.ShouldBe<short>(45);

        byte[] Batch(int sequence) => WireBatch.Create(["value"], producer, 0, sequence);
    }

    [Fact]
    public async Task NewEpoch_BeginsAtZero_AndEndsTheOldOne()
    {
        var producer = await ProducerIdAsync();
        (await Client.ProduceAsync(Name, Batch(0, 0))).Error.ShouldBe<short>(0);
        (await Client.ProduceAsync(Name, Batch(1, 1))).Error.ShouldBe<short>(45);
        (await Client.ProduceAsync(Name, Batch(1, 0))).Error.ShouldBe<short>(0);
        (await Client.ProduceAsync(Name, Batch(0, 1))).Error.ShouldBe<short>(47);

        byte[] Batch(short epoch, int sequence) => WireBatch.Create(["value"], producer, epoch, sequence);
    }

    [Fact]
    public async Task CreateTopics_WithANameTwiceOrTooLikeAnother_IsRefused()
    {
        (await CreateAsync($"{Name}-a", $"{Name}-a")).Only("topics").Error.ShouldBe<short>(42);
        (await CreateAsync($"{Name}.b")).Only("topics").Error.ShouldBe<short>(0);
        (await CreateAsync($"{Name}_b")).Only("topics").Error.ShouldBe<short>(17);

        Task<Fields> CreateAsync(params string[] names)
        {
            var topics = names.Select(name => new Fields
            {
                ["name"] = name,
                ["numPartitions"] = 1,
                ["replicationFactor"] = -1,
            });
            return Client.SendAsync("CreateTopics", 5, new() { ["topics"] = topics.ToArray(), ["timeoutMs"] = 10_000 });
        }
    }

    private static byte[] Changed(int position, byte value)
    {
        var batch = WireBatch.Create(["value"]);
        batch[position] = value;
        return batch;
    }

    private async Task<long> ProducerIdAsync() =>
        (await Client.SendAsync("InitProducerId", 1, new() { ["transactionTimeoutMs"] = 60_000 })).Get<long>(
            "producerId"
        );
}
