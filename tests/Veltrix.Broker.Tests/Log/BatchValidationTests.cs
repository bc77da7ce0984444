using System.Buffers.Binary;
using System.Text;
using Veltrix.Broker.Log;
using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Tests.Log;

public sealed class BatchValidationTests
{
    private const int Limit = 1000;

    [Fact]
    public void ComputeCrc_OfTheStandardsCheckString_IsTheStandardsValue() =>
        BatchHeader.ComputeCrc(Encoding.ASCII.GetBytes("123456789")).ShouldBe(0xE3069283);

    [Fact]
    public void Check_GoodBatch_Passes() => BatchValidation.Check(TestBatch.Create(), Limit).ShouldBe(ErrorCode.None);

    [Fact]
    public void Check_Malformed_AnswersAsKafkaDoes()
    {
        Check(batch => batch[..40]).ShouldBe(ErrorCode.InvalidRecord);
        Check(batch => batch[..^1]).ShouldBe(ErrorCode.InvalidRecord);
        Check(batch => [.. batch, .. batch]).ShouldBe(ErrorCode.InvalidRecord);
        Check(batch => Change(batch, 16, 1)).ShouldBe(ErrorCode.InvalidRecord);
        Check(batch => Change(batch, 16, 9)).ShouldBe(ErrorCode.CorruptMessage);
        Check(batch => Change(batch, 70, 99)).ShouldBe(ErrorCode.CorruptMessage);
        Check(batch => Change(batch, 7, 1)).ShouldBe(ErrorCode.InvalidRecord);
        Check(batch => TestBatch.Sign(Change(batch, 60, 2))).ShouldBe(ErrorCode.InvalidRecord);
        BatchValidation.Check(TestBatch.Create(payloadBytes: Limit), Limit).ShouldBe(ErrorCode.MessageTooLarge);
        BatchValidation.Check(TestBatch.Create(attributes: 0x20), Limit).ShouldBe(ErrorCode.InvalidRecord);
        BatchValidation.Check(TestBatch.Create(attributes: 0x10), Limit).ShouldBe(ErrorCode.InvalidRecord);
        BatchValidation.Check(TestBatch.Create(attributes: 5), Limit).ShouldBe(ErrorCode.UnknownServerError);
    }

    [Fact]
    public void Check_NegativeLength_IsInvalid()
    {
        var batch = TestBatch.Create();
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(8), int.MinValue);
        BatchValidation.Check(batch, Limit).ShouldBe(ErrorCode.InvalidRecord);
    }

    private static ErrorCode Check(Func<byte[], byte[]> change) =>
        BatchValidation.Check(change(TestBatch.Create()), Limit);

    private static byte[] Change(byte[] batch, int position, byte value)
    {
        batch[position] = value;
        return batch;
    }
}
