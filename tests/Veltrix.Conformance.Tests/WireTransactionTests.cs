using Veltrix.Conformance.Tests.Wire;
using Veltrix.Testing;
using static Veltrix.Conformance.Tests.Wire.WireRequests;

namespace Veltrix.Conformance.Tests;

/// <summary>What Apache Kafka answers to transactions and their producers.</summary>
public sealed class WireTransactionTests : WireScenario
{
    [Fact]
    public async Task InitProducerId_InEveryVersion_GivesEachProducerItsOwn()
    {
        var ids = new List<long>();
        foreach (var version in Versions("InitProducerId", 0, 5))
        {
            var answer = await Client.SendAsync("InitProducerId", version, InitializeProducer(null));
            answer.Error.ShouldBe<short>(0);
            ids.Add(answer.Get<long>("producerId"));
        }
        ids.Distinct().Count().ShouldBe(ids.Count);
    }

    [Fact]
    public async Task Transaction_InEveryVersion_CommitsRecordsAndOffsets()
    {
        foreach (var version in Versions("EndTxn", 0, 3))
        {
            var group = $"group-{Name}-{version}";
            await Client.FindCoordinatorAsync(group);
            var producer = await Client.InitializeProducerAsync($"{Name}-{version}");
            (await Client.EndTransactionAsync(producer, commit: true, version)).ShouldBe<short>(48);
            (await ProduceAsync(producer, 0)).ShouldBe<short>(48);
            (await Client.AddPartitionAsync(producer, Name, version)).ShouldBe<short>(0);
            (await ProduceAsync(producer, 0)).ShouldBe<short>(0);
            (await Client.SendAsync("AddOffsetsToTxn", version, AddOffsets(producer, group))).Error.ShouldBe<short>(0);
            var commit = CommitOffsets(producer, group, Name, L(Committed(0, 42)));
            (await Client.SendAsync("TxnOffsetCommit", version, commit))
                .Only("topics")
                .Only("partitions")
                .Error.ShouldBe<short>(0);
            (await OffsetAsync(group)).Error.ShouldBe<short>(88);
            (await Client.EndTransactionAsync(producer, commit: true, version)).ShouldBe<short>(0);
            (await Client.EndTransactionAsync(producer, commit: true, version)).ShouldBe<short>(0);
            await Eventually.HoldsAsync(
                async () => (await OffsetAsync(group)).Get<long>("committedOffset") == 42,
                cancellation: TestContext.Current.CancellationToken
            );

            // A newer producer fences this one, whoever it asks.
            await Client.InitializeProducerAsync(producer.TransactionalId);
            short fenced = version < 2 ? (short)47 : (short)90;
            (await Client.EndTransactionAsync(producer, commit: true, version)).ShouldBe(fenced);
            (await Client.AddPartitionAsync(producer, Name, version)).ShouldBe(fenced);
            (await ProduceAsync(producer, 1)).ShouldBe<short>(47);
            var stranger = producer with { Id = producer.Id + 1_000_000 };
            (await Client.EndTransactionAsync(stranger, commit: true, version)).ShouldBe<short>(49);
        }

        async Task<Fields> OffsetAsync(string group) =>
            (await Client.SendAsync("OffsetFetch", 7, OffsetFetch(group, Name, requireStable: true)))
                .Only("topics")
                .Only("partitions");
    }

    [Fact]
    public async Task UnknownTransactionalId_HasNoProducer()
    {
        await Client.FindCoordinatorAsync(Name, type: 1);
        var nobody = new Producer(Name, 1, 0);
        (await Client.EndTransactionAsync(nobody, commit: true)).ShouldBe<short>(49);
        (await Client.AddPartitionAsync(nobody, Name)).ShouldBe<short>(49);
    }

    [Fact]
    public async Task Producer_ThatComesOverAnOpenTransaction_HasAnEpochTwoHigher()
    {
        var first = await Client.InitializeProducerAsync(Name);
        (await Client.AddPartitionAsync(first, Name)).ShouldBe<short>(0);
        var second = await Client.InitializeProducerAsync(Name);
        second.ShouldBe(first with { Epoch = (short)(first.Epoch + 2) });
        var third = await Client.InitializeProducerAsync(Name);
        third.ShouldBe(first with { Epoch = (short)(second.Epoch + 1) });

        (await Client.AddPartitionAsync(first, Name)).ShouldBe<short>(90);
        (await Client.EndTransactionAsync(first, commit: true)).ShouldBe<short>(90);
        (await ProduceAsync(first, 0)).ShouldBe<short>(47);
    }

    [Fact]
    public async Task AbortedTransactions_AreNamedToCommittedConsumersOnly()
    {
        var producer = await Client.InitializeProducerAsync(Name);
        (await Client.AddPartitionAsync(producer, Name)).ShouldBe<short>(0);
        (await ProduceAsync(producer, 0)).ShouldBe<short>(0);
        var open = await Client.FetchAsync(Name, committedOnly: true);
        open["lastStableOffset"].ShouldBe(0L);
        open.Get<byte[]>("records").ShouldBeEmpty();

        (await Client.EndTransactionAsync(producer, commit: false)).ShouldBe<short>(0);
        // The marker may come a moment after the answer.
        var fetched = await Eventually.AnswersAsync(
            () => Client.FetchAsync(Name, committedOnly: true),
            answer => answer["lastStableOffset"] is 2L,
            TimeSpan.FromSeconds(30)
        );
        var aborted = fetched.Only("abortedTransactions");
        aborted["producerId"].ShouldBe(producer.Id);
        aborted["firstOffset"].ShouldBe(0L);
        (await Client.FetchAsync(Name))["abortedTransactions"].ShouldBeNull();
    }

    [Fact]
    public async Task Batch_ThatSaysItIsInATransaction_NeedsOne()
    {
        var producer = await Client.InitializeProducerAsync(Name);
        (await ProduceAsync(producer, 0)).ShouldBe<short>(48);
        (await Client.EndTransactionAsync(producer, commit: true)).ShouldBe<short>(48);
    }

    private async Task<short> ProduceAsync(Producer producer, int sequence)
    {
        var batch = TransactionalBatch(producer, sequence, "value");
        return (await Client.ProduceAsync(Name, batch, transactionalId: producer.TransactionalId)).Error;
    }
}
