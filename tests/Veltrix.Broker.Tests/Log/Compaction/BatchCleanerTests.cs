using Veltrix.Broker.Log;
using Veltrix.Broker.Log.Compaction;

namespace Veltrix.Broker.Tests.Log.Compaction;

/// <summary>What becomes of transactions.</summary>
public sealed class BatchCleanerTests
{
    private const long Now = 1_000_000;
    private const long TombstoneMilliseconds = 1_000;
    private readonly KeyOffsets _offsets = new(10_000);
    private readonly TransactionOutcomes _outcomes = new();
    private long _nextOffset;

    [Fact]
    public void Clean_AbortedTransaction_DropsItsRecordsAndKeepsOthers()
    {
        var aborted = At(
            RecordBatch.Create([new("a", "1")], producerId: 1, producerEpoch: 0, sequence: 0, transactional: true)
        );
        var committed = At(
            RecordBatch.Create([new("a", "2")], producerId: 2, producerEpoch: 0, sequence: 0, transactional: true)
        );
        var abort = At(RecordBatch.Marker(1, 0, commit: false));
        var commit = At(RecordBatch.Marker(2, 0, commit: true));
        Decide(aborted, committed, abort, commit);

        var cleaner = Cleaner(Now);
        cleaner.Clean(aborted).Length.ShouldBe(0);
        cleaner.Clean(committed).ToArray().ShouldBe(committed);
    }

    [Fact]
    public void Clean_Markers_StayWithTheirRecordsAndGoAfterTheirHorizon()
    {
        var data = At(
            RecordBatch.Create([new("a", "1")], producerId: 1, producerEpoch: 0, sequence: 0, transactional: true)
        );
        var marker = At(RecordBatch.Marker(1, 0, commit: true));
        Decide(data, marker);

        var cleaner = Cleaner(Now);
        cleaner.Clean(data);
        cleaner.Clean(marker).ToArray().ShouldBe(marker, "its records are there");

        var withHorizon = Cleaner(Now).Clean(marker).ToArray();
        new BatchHeader(withHorizon).RecordCount.ShouldBe(1);
        BatchHeader.HasValidCrc(withHorizon).ShouldBeTrue();
        Cleaner(Now + TombstoneMilliseconds - 1).Clean(withHorizon).ToArray().ShouldBe(withHorizon);
        Cleaner(Now + TombstoneMilliseconds).Clean(withHorizon).Length.ShouldBe(0);
    }

    [Fact]
    public void Clean_BatchWithAppendTime_KeepsIt()
    {
        var batch = At(RecordBatch.Create([new("a", "1"), new("b", "2"), new("a", null)]));
        BatchHeader.SetMaximumTimestamp(batch, 5_000, isAppendTime: true);
        _offsets.TrySet("a"u8, 2).ShouldBeTrue();

        var header = new BatchHeader(Cleaner(Now).Clean(batch));

        header.RecordCount.ShouldBe(2);
        (header.HasAppendTime, header.MaximumTimestamp).ShouldBe((true, 5_000));
    }

    [Fact]
    public void FirstUndecidedOffset_IsWhereTheFirstOpenTransactionBegins()
    {
        var first = At(
            RecordBatch.Create([new("a", "1")], producerId: 1, producerEpoch: 0, sequence: 0, transactional: true)
        );
        var second = At(
            RecordBatch.Create([new("a", "1")], producerId: 2, producerEpoch: 0, sequence: 0, transactional: true)
        );
        Decide(first, second);
        _outcomes.FirstUndecidedOffset.ShouldBe(0);
        Decide(At(RecordBatch.Marker(1, 0, commit: true)));
        _outcomes.FirstUndecidedOffset.ShouldBe(1);
        Decide(At(RecordBatch.Marker(2, 0, commit: false)));
        _outcomes.FirstUndecidedOffset.ShouldBe(long.MaxValue);
    }

    private BatchCleaner Cleaner(long now) =>
        new(_offsets, _outcomes, (_, _) => false, now, TombstoneMilliseconds, 1_000_000);

    private void Decide(params byte[][] batches)
    {
        foreach (var batch in batches)
            _outcomes.Add(batch);
    }

    private byte[] At(byte[] batch)
    {
        BatchHeader.SetBaseOffset(batch, _nextOffset);
        _nextOffset = new BatchHeader(batch).NextOffset;
        return batch;
    }
}
