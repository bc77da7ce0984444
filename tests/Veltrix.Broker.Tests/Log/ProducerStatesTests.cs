using Veltrix.Broker.Log;
using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Tests.Log;

public sealed class ProducerStatesTests
{
    private readonly ProducerStates _states = new(maximumProducers: 100);
    private long _nextOffset;

    [Fact]
    public void Check_EachOfTheLastFiveAgain_AnswersTheOriginalOffset()
    {
        for (var batch = 0; batch < 7; batch++)
            Append(sequence: batch * 10, records: 10);

        for (var batch = 2; batch < 7; batch++)
        {
            Check(batch * 10, 10, out var repeated).ShouldBe(ErrorCode.None);
            repeated!.Value.BaseOffset.ShouldBe(batch * 10);
        }
        Check(10, 10, out _).ShouldBe(ErrorCode.OutOfOrderSequenceNumber);
    }

    [Fact]
    public void Check_GapOrOverlap_IsOutOfOrder()
    {
        Append(sequence: 0, records: 10);

        Check(11, 1, out _).ShouldBe(ErrorCode.OutOfOrderSequenceNumber);
        Check(5, 5, out _).ShouldBe(ErrorCode.OutOfOrderSequenceNumber);
        Check(10, 1, out _).ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void Check_UnknownProducer_MayBeginAnywhere() => Check(4711, 1, out _).ShouldBe(ErrorCode.None);

    [Fact]
    public void Check_Epochs_OldIsFencedAndNewBeginsAtZero()
    {
        Append(sequence: 0, records: 1, epoch: 5);

        Check(1, 1, out _, epoch: 4).ShouldBe(ErrorCode.InvalidProducerEpoch);
        Check(1, 1, out _, epoch: 6).ShouldBe(ErrorCode.OutOfOrderSequenceNumber);
        Check(0, 1, out _, epoch: 6).ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void Check_SequenceBehindTheLargest_GoesOnAtZero()
    {
        Append(sequence: int.MaxValue - 1, records: 2);
        Check(0, 1, out var repeated).ShouldBe(ErrorCode.None);
        repeated.ShouldBeNull();

        Append(sequence: 0, records: 1);
        Append(sequence: 1, records: 1);
        Check(int.MaxValue - 1, 2, out repeated).ShouldBe(ErrorCode.None);
        repeated!.Value.BaseOffset.ShouldBe(0);
    }

    [Fact]
    public void Check_BatchAcrossTheLargestSequence_IsFollowedByTheRightOne()
    {
        Append(sequence: int.MaxValue - 2, records: 5);
        Check(1, 1, out _).ShouldBe(ErrorCode.OutOfOrderSequenceNumber);
        Check(2, 1, out _).ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void Remember_MoreProducersThanAllowed_ForgetsTheOldest()
    {
        for (var producer = 0; producer < 1000; producer++)
            Append(sequence: 0, records: 1, producer: producer);

        _states.Count.ShouldBeLessThanOrEqualTo(100);
        Check(0, 1, out var repeated, producer: 999).ShouldBe(ErrorCode.None);
        repeated.ShouldNotBeNull();
    }

    private void Append(int sequence, int records, short epoch = 0, long producer = 1)
    {
        var batch = TestBatch.Create(records, producerId: producer, producerEpoch: epoch, sequence: sequence);
        BatchHeader.SetBaseOffset(batch, _nextOffset);
        _states.Remember(new BatchHeader(batch));
        _nextOffset += records;
    }

    private ErrorCode Check(
        int sequence,
        int records,
        out ProducerStates.Batch? repeated,
        short epoch = 0,
        long producer = 1
    ) =>
        _states.Check(
            new BatchHeader(TestBatch.Create(records, producerId: producer, producerEpoch: epoch, sequence: sequence)),
            out repeated
        );
}
