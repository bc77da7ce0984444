using FsCheck;
using FsCheck.Fluent;
using Veltrix.Broker.Log;
using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Tests.Log;

/// <summary>Every batch that a client can make passes; one that was changed is refused, or is still a good one.</summary>
public sealed class BatchValidationPropertyTests
{
    private const int Limit = 1_000_000;
    private readonly BatchValidation _validation = new(Limit);

    private static readonly Gen<string?> Text = Gen.Frequency(
        (1, Gen.Constant<string?>(null)),
        (6, Gen.Choose(0, 40).Select(length => (string?)new string('t', length))),
        (1, Gen.Choose(60, 70).Select(length => (string?)new string('t', length))),
        (1, Gen.Choose(8_180, 8_200).Select(length => (string?)new string('t', length)))
    );

    private static readonly Gen<RecordBatch.Entry> Entry =
        from key in Text
        from value in Text
        from timestamp in Gen.OneOf(Gen.Choose(0, 5000), Gen.Choose(0, int.MaxValue))
        select new RecordBatch.Entry(key, value, timestamp);

    private static readonly Gen<byte[]> Batch =
        from entries in Entry.NonEmptyListOf()
        from codec in Gen.Choose(0, 4)
        select RecordBatch.Create([.. entries], codec);

    private static readonly Gen<byte[]> MutatedBatch =
        from batch in Batch
        from position in Gen.Choose(BatchHeader.SizeBytes, batch.Length - 1)
        from value in Gen.Choose(0, 255)
        from kind in Gen.Choose(0, 3)
        select Mutate(batch, position, (byte)value, kind);

    [Fact]
    public void ValidBatch_Passes() =>
        Prop.ForAll(Batch.ToArbitrary(), batch => Check(batch) == ErrorCode.None)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void MutatedBatch_IsRefusedOrReadable() =>
        Prop.ForAll(MutatedBatch.ToArbitrary(), IsRefusedOrReadable)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    private ErrorCode Check(byte[] batch) =>
        BatchValidation.CheckFrame(batch, Limit) is var error and not ErrorCode.None
            ? error
            : _validation.CheckContent(batch, keyed: false, out _);

    private void IsRefusedOrReadable(byte[] batch)
    {
        if (Check(batch) != ErrorCode.None)
            return;
        // Fails by itself when the records do not fit their number or their lengths.
        var records = RecordBatch.Read(batch);
        records.Select(record => record.Offset).ShouldBe(Enumerable.Range(0, records.Count).Select(i => (long)i));
    }

    /// <summary>A byte is changed, added or left out, or the rest is cut off; length and checksum still fit.</summary>
    private static byte[] Mutate(byte[] batch, int position, byte value, int kind)
    {
        byte[] content = kind switch
        {
            0 => [.. batch[..position], value, .. batch[(position + 1)..]],
            1 => [.. batch[..position], value, .. batch[position..]],
            2 => [.. batch[..position], .. batch[(position + 1)..]],
            _ => batch[..position],
        };
        var header = new BatchHeader(batch);
        return TestBatch.Create(
            content.AsSpan(BatchHeader.SizeBytes),
            header.RecordCount,
            attributes: header.Attributes
        );
    }
}
