using Veltrix.Conformance.Tests.Wire;

namespace Veltrix.Conformance.Tests;

/// <summary>What Apache Kafka answers to transactions, between the versions of the requests that do so.</summary>
public sealed class WireTransactionTests : WireScenario
{
    [Fact]
    public async Task UnknownTransactionalId_HasNoProducer()
    {
        await Client.FindCoordinatorAsync(Name, type: 1);
        (await Client.EndTransactionAsync(Name, (1, 0), commit: true)).ShouldBe<short>(49);
        (await Client.AddPartitionAsync(Name, (1, 0), Name)).ShouldBe<short>(49);
    }

    [Fact]
    public async Task Producer_ThatComesOverAnOpenTransaction_HasAnEpochTwoHigher()
    {
        var first = await Client.InitializeProducerAsync(Name);
        (await Client.AddPartitionAsync(Name, first, Name)).ShouldBe<short>(0);
        var second = await Client.InitializeProducerAsync(Name);
        second.ShouldBe((first.Id, (short)(first.Epoch + 2)));
        var third = await Client.InitializeProducerAsync(Name);
        third.ShouldBe((first.Id, (short)(second.Epoch + 1)));

        (await Client.AddPartitionAsync(Name, first, Name)).ShouldBe<short>(90);
        (await Client.EndTransactionAsync(Name, first, commit: true)).ShouldBe<short>(90);
        var batch = WireRequests.TransactionalBatch(first, 0, "zombie");
        (await Client.ProduceAsync(Name, batch, transactionalId: Name)).Error.ShouldBe<short>(47);
    }

    [Fact]
    public async Task AbortedTransactions_AreNamedToCommittedConsumersOnly()
    {
        var producer = await Client.InitializeProducerAsync(Name);
        (await Client.AddPartitionAsync(Name, producer, Name)).ShouldBe<short>(0);
        var batch = WireRequests.TransactionalBatch(producer, 0, "aborted");
        (await Client.ProduceAsync(Name, batch, transactionalId: Name)).Error.ShouldBe<short>(0);
        (await FetchAsync(committedOnly: true))["lastStableOffset"].ShouldBe(0L);
        (await FetchAsync(committedOnly: true)).Get<byte[]>("records").ShouldBeEmpty();

        (await Client.EndTransactionAsync(Name, producer, commit: false)).ShouldBe<short>(0);
        // The marker may come a moment after the answer.
        var fetched = new Fields();
        while (fetched.GetValueOrDefault("lastStableOffset") is not 2L)
            fetched = await FetchAsync(committedOnly: true);
        var aborted = fetched.Only("abortedTransactions");
        aborted["producerId"].ShouldBe(producer.Id);
        aborted["firstOffset"].ShouldBe(0L);
        (await FetchAsync(committedOnly: false))["abortedTransactions"].ShouldBeNull();
    }

    [Fact]
    public async Task Batch_ThatSaysItIsInATransaction_NeedsOne()
    {
        var producer = await Client.InitializeProducerAsync(Name);
        var batch = WireRequests.TransactionalBatch(producer, 0, "value");
        (await Client.ProduceAsync(Name, batch, transactionalId: Name)).Error.ShouldBe<short>(48);
        (await Client.EndTransactionAsync(Name, producer, commit: true)).ShouldBe<short>(48);
    }

    private async Task<Fields> FetchAsync(bool committedOnly)
    {
        var request = WireRequests.Fetch(Name, [WireRequests.FetchPartition(0)], committedOnly: committedOnly);
        return (await Client.SendAsync("Fetch", 11, request)).Only("responses").Only("partitions");
    }
}
