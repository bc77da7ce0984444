using Veltrix.Broker.Log;
using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Tests.Log;

/// <summary>What a partition lets committed consumers read.</summary>
public sealed class TransactionIndexTests : IDisposable
{
    private const short Transactional = 0x10;
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task OpenTransaction_HoldsBackWhatComesBehindIt()
    {
        using var log = new TestLog(_directory.Path);
        await log.AppendAsync(TestBatch.Create());
        log.Log.BeginTransaction(7, 0);
        await log.AppendAsync(Batch(7, 0));
        await log.AppendAsync(TestBatch.Create());

        log.Log.LastStableOffset.ShouldBe(1);
        Committed(log, 0).Bytes.ShouldBe(TestBatch.Create().Length);
        Committed(log, 1).Bytes.ShouldBe(0);
        log.Log.TryFindCommitted(99, 1000, true, out _, out _).ShouldBe(ErrorCode.OffsetOutOfRange);
        log.Read(0).Length.ShouldBe(3 * TestBatch.Create().Length);
    }

    [Fact]
    public async Task EndedTransaction_IsHeldBackUntilItsMarkerIsDurable()
    {
        using var log = new TestLog(_directory.Path);
        log.Log.BeginTransaction(7, 0);
        await log.AppendAsync(Batch(7, 0));
        log.Disk.HoldFlushes();
        var waiter = new TestLog.Waiter();
        log.Log.EndTransaction(7, 0, commit: true, waiter).Error.ShouldBe(ErrorCode.None);
        log.Log.LastStableOffset.ShouldBe(0);
        log.Disk.ReleaseFlushes();
        await waiter.Durable;
        log.Log.LastStableOffset.ShouldBe(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AbortedTransactions_AreNamedWhereTheyOverlap_AlsoAfterARestart(bool checkpointed)
    {
        using (var log = new TestLog(_directory.Path))
        {
            await RunAsync(log, 7, commit: false); // 0, marker 1
            await RunAsync(log, 8, commit: true); // 2, marker 3
            await RunAsync(log, 9, commit: false); // 4, marker 5
            log.Log.BeginTransaction(10, 0);
            await log.AppendAsync(Batch(10, 0)); // 6
            if (checkpointed)
                log.Log.Checkpoint(always: true);
            Verify(log);
        }
        using var again = new TestLog(_directory.Path, leaderEpoch: 1);
        Verify(again);

        static void Verify(TestLog log)
        {
            log.Log.LastStableOffset.ShouldBe(6);
            log.Log.OpenTransactions.ShouldBe([10]);
            Aborted(log, 0).ShouldBe([7, 9], ignoreOrder: true);
            Aborted(log, 1).ShouldBe([7, 9], ignoreOrder: true);
            Aborted(log, 2).ShouldBe([9]);
            log.Log.TryFindCommitted(0, 1, true, out var range, out _).ShouldBe(ErrorCode.None);
            range.Bytes.ShouldBe(Batch(7, 0).Length);
        }
    }

    [Fact]
    public async Task Append_OutsideOfItsTransaction_IsRefused()
    {
        using var log = new TestLog(_directory.Path);
        (await log.AppendAsync(Batch(7, 0))).Error.ShouldBe(ErrorCode.InvalidTransactionState);
        log.Log.BeginTransaction(7, 1);
        (await log.AppendAsync(Batch(7, 0))).Error.ShouldBe(ErrorCode.InvalidProducerEpoch);
        (await log.AppendAsync(Batch(7, 1))).Error.ShouldBe(ErrorCode.None);
        (await log.AppendAsync(TestBatch.Create(producerId: 7, producerEpoch: 1, sequence: 1))).Error.ShouldBe(
            ErrorCode.InvalidTransactionState
        );

        var waiter = new TestLog.Waiter();
        log.Log.EndTransaction(7, 2, commit: false, waiter);
        await waiter.Durable;
        (await log.AppendAsync(Batch(7, 1, sequence: 1))).Error.ShouldBe(ErrorCode.InvalidProducerEpoch);
        // A repeated batch is answered as before, whatever became of its transaction since.
        log.Log.BeginTransaction(7, 2);
        (await log.AppendAsync(Batch(7, 2))).Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void Marker_IsTheBatchThatKafkaWrites()
    {
        var marker = TransactionMarker.Create(5, 3, commit: true, timestampMilliseconds: 1);
        marker.Length.ShouldBe(78);
        BatchHeader.HasValidCrc(marker).ShouldBeTrue();
        var header = new BatchHeader(marker);
        header.IsControl.ShouldBeTrue();
        header.IsTransactional.ShouldBeTrue();
        header.BaseSequence.ShouldBe(-1);
        TransactionMarker.IsCommit(header).ShouldBe(true);
        // Record length, attributes, deltas, key length; key: version 0, type 1; value: version 0, epoch 0; no headers.
        marker[61..].ShouldBe([32, 0, 0, 0, 8, 0, 0, 0, 1, 12, 0, 0, 0, 0, 0, 0, 0]);
    }

    private static async Task RunAsync(TestLog log, long producerId, bool commit)
    {
        log.Log.BeginTransaction(producerId, 0);
        (await log.AppendAsync(Batch(producerId, 0))).Error.ShouldBe(ErrorCode.None);
        var waiter = new TestLog.Waiter();
        log.Log.EndTransaction(producerId, 0, commit, waiter).Error.ShouldBe(ErrorCode.None);
        (await waiter.Durable).ShouldBe(ErrorCode.None);
    }

    private static LogRange Committed(TestLog log, long offset)
    {
        log.Log.TryFindCommitted(offset, int.MaxValue, true, out var range, out _).ShouldBe(ErrorCode.None);
        return range;
    }

    private static IEnumerable<long> Aborted(TestLog log, long offset)
    {
        log.Log.TryFindCommitted(offset, int.MaxValue, true, out _, out var aborted).ShouldBe(ErrorCode.None);
        return aborted.Select(each => each.ProducerId);
    }

    private static byte[] Batch(long producerId, short epoch, int sequence = 0) =>
        TestBatch.Create(producerId: producerId, producerEpoch: epoch, sequence: sequence, attributes: Transactional);
}
