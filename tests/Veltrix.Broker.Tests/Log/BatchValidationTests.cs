using System.Buffers.Binary;
using System.Text;
using Veltrix.Broker.Log;
using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Tests.Log;

public sealed class BatchValidationTests
{
    private const int Limit = 1000;
    private const int ContentLimit = 100_000;
    private const int FirstRecord = BatchHeader.SizeBytes;
    private readonly BatchValidation _validation = new(ContentLimit);

    /// <summary>Not compressed, and each codec.</summary>
    public static TheoryData<int> Codecs => [0, 1, 2, 3, 4];

    [Fact]
    public void ComputeCrc_OfTheStandardsCheckString_IsTheStandardsValue() =>
        BatchHeader.ComputeCrc(Encoding.ASCII.GetBytes("123456789")).ShouldBe(0xE3069283);

    [Fact]
    public void Check_GoodBatch_Passes() => Check(TestBatch.Create()).ShouldBe(ErrorCode.None);

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
        Check(TestBatch.Create(payloadBytes: Limit)).ShouldBe(ErrorCode.MessageTooLarge);
        Check(TestBatch.Create(attributes: 0x20)).ShouldBe(ErrorCode.InvalidRecord);
        Check(TestBatch.Create(attributes: 0x10)).ShouldBe(ErrorCode.InvalidRecord);
        Check(TestBatch.Create(attributes: 5)).ShouldBe(ErrorCode.UnknownServerError);
    }

    [Fact]
    public void Check_NegativeLength_IsInvalid()
    {
        var batch = TestBatch.Create();
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(8), int.MinValue);
        Check(batch).ShouldBe(ErrorCode.InvalidRecord);
    }

    [Theory]
    [InlineData("length too long", 0, 42)]
    [InlineData("length too short", 0, 20)]
    [InlineData("length negative", 0, 1)]
    [InlineData("length without end", 0, 0xFF)]
    [InlineData("timestamp without end", 2, 0xFF)]
    [InlineData("offset delta of another", 3, 2)]
    [InlineData("key longer than the record", 4, 60)]
    [InlineData("value longer than the record", 5, 60)]
    [InlineData("value shorter than it is", 5, 2)]
    [InlineData("headers that are not there", 19, 2)]
    [InlineData("fewer headers than none", 19, 1)]
    public void Check_BrokenRecord_IsInvalid(string mistake, int position, byte value)
    {
        var batch = TestBatch.Create();
        batch.Length.ShouldBe(FirstRecord + 20);
        Check(TestBatch.Sign(Change(batch, FirstRecord + position, value))).ShouldBe(ErrorCode.InvalidRecord, mistake);
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Check_WrongNumberOfRecords_IsInvalid(int codec)
    {
        var batch = RecordBatch.Create([new("k", "v"), new("k", "w"), new(null, null)], codec);
        Check(batch).ShouldBe(ErrorCode.None);
        foreach (var count in (int[])[2, 4, int.MaxValue])
        {
            BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(23), count - 1);
            BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(57), count);
            Check(TestBatch.Sign(batch)).ShouldBe(ErrorCode.InvalidRecord);
        }
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Check_RecordWithoutKey_IsInvalidWhereKeysAreNeeded(int codec)
    {
        var batch = RecordBatch.Create([new("k", "v"), new(null, "v"), new("", null)], codec);
        Check(batch, keyed: false).ShouldBe(ErrorCode.None);
        Check(batch, keyed: true).ShouldBe(ErrorCode.InvalidRecord);
        batch = RecordBatch.Create([new("k", "v"), new("", null)], codec);
        Check(batch, keyed: true).ShouldBe(ErrorCode.None);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Check_Compression_MustBeWhatItSays(int codec)
    {
        Check(TestBatch.Create(attributes: (short)codec)).ShouldBe(ErrorCode.UnknownServerError);
        // A bomb: small as it comes, and more than anybody has room for.
        var large = RecordBatch.Create([new("k", new string('v', 2 * ContentLimit))], codec);
        Check(large, large.Length).ShouldBe(ErrorCode.MessageTooLarge);
        var fitting = RecordBatch.Create([new("k", new string('v', ContentLimit / 2))], codec);
        Check(fitting, fitting.Length).ShouldBe(ErrorCode.None);
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void CheckContent_FindsTheFirstAndTheLastTimestamp(int codec)
    {
        var batch = RecordBatch.Create(
            [new("k", "v", 5_000), new("k", "v", 1_000), new("k", "v", 9_000_000_000)],
            codec
        );
        _validation.CheckContent(batch, keyed: false, out var timestamps).ShouldBe(ErrorCode.None);
        timestamps.ShouldBe(new TimestampRange(1_000, 9_000_000_000));
        batch = RecordBatch.Create([new("k", "v", -1)], codec);
        _validation.CheckContent(batch, keyed: false, out timestamps).ShouldBe(ErrorCode.None);
        timestamps.ShouldBe(new TimestampRange(long.MaxValue, -1), "it has none");
    }

    private ErrorCode Check(byte[] batch, int limit = Limit, bool keyed = false) =>
        BatchValidation.CheckFrame(batch, limit) is var error and not ErrorCode.None
            ? error
            : _validation.CheckContent(batch, keyed, out _);

    private ErrorCode Check(Func<byte[], byte[]> change) => Check(change(TestBatch.Create()));

    private static byte[] Change(byte[] batch, int position, byte value)
    {
        batch[position] = value;
        return batch;
    }
}
