using Confluent.Kafka;
using Veltrix.Processor.Consuming;

namespace Veltrix.Processor.Tests;

public sealed class ReadAheadTests
{
    private readonly List<TopicPartition> _asked = [];
    private readonly ReadAhead _readAhead;

    public ReadAheadTests() => _readAhead = new ReadAhead(kilobytes: 64, _asked.Add);

    [Fact]
    public void Emptied_AfterTheQueueWasFull_AsksTheLeadersOfItsPartitions()
    {
        Take(partition: 0, records: 20);
        Take(partition: 3, records: 20);

        Empty();

        _asked.ShouldBe([new("topic", 0), new("topic", 3)], ignoreOrder: true);
    }

    [Fact]
    public void Emptied_AfterLittle_AsksNobody()
    {
        Take(partition: 0, records: 20);
        Empty();
        Take(partition: 0, records: 20);
        Empty();

        _asked.ShouldBeEmpty();
    }

    [Fact]
    public void Emptied_BrokerThatIsAway_IsAskedAgainTheNextTime()
    {
        var attempts = 0;
        var readAhead = new ReadAhead(
            kilobytes: 64,
            _ =>
            {
                attempts++;
                throw new KafkaException(ErrorCode.Local_TimedOut);
            }
        );
        for (var round = 0; round < 2; round++)
        {
            for (var record = 0; record < 40; record++)
                readAhead.Took(Record(0));
            readAhead.Emptied();
            readAhead.Settle();
        }

        attempts.ShouldBe(2);
    }

    private void Empty()
    {
        _readAhead.Emptied();
        _readAhead.Settle();
    }

    private void Take(int partition, int records)
    {
        for (var record = 0; record < records; record++)
            _readAhead.Took(Record(partition));
    }

    private static ConsumeResult<byte[], byte[]> Record(int partition) =>
        new()
        {
            Topic = "topic",
            Partition = partition,
            Message = new Message<byte[], byte[]> { Value = new byte[10] },
        };
}
