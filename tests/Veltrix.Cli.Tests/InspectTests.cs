using System.Globalization;
using Veltrix.RecordBatches;
using Veltrix.Testing;

namespace Veltrix.Cli.Tests;

public sealed class InspectTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Inspect_WholeSegments_NamesOffsetsAndFindsNoFault()
    {
        Write(0, Batch(0, records: 3), Batch(3, records: 2));
        Write(5, Batch(5, records: 1));

        var run = await InspectAsync("--batches");

        run.ExitCode.ShouldBe(0, run.Error);
        run.Out.ShouldContain("topic-0");
        run.Out.ShouldContain(
            "00000000000000000000.log: offsets 0 to 4, 2 batches, 5 records, 142 bytes, newest 2026-"
        );
        run.Out.ShouldContain(
            "byte 71: offsets 3 to 4, 2 records, 71 bytes, none, leader epoch 0, producer 7 epoch 1 sequence 3"
        );
        run.Out.ShouldContain("00000000000000000005.log: offsets 5 to 5, 1 batches");
        run.Out.ShouldEndWith("No faults.\n");
    }

    [Fact]
    public async Task Inspect_AnyByteChanged_IsAFault()
    {
        var good = Batch(0, records: 1);
        for (var index = 8; index < good.Length; index++)
        {
            // Base offset and leader epoch stand outside of the checksum.
            if (index is >= 12 and < 16)
                continue;
            var garbled = (byte[])good.Clone();
            garbled[index] ^= 0x40;
            Write(0, garbled);

            var run = await InspectAsync();

            run.ExitCode.ShouldBe(1, $"byte {index}");
            run.Out.ShouldContain("fault: byte 0: the last 71 bytes are no whole batch");
        }
    }

    [Fact]
    public async Task Inspect_CutOffTail_SaysHowMuch()
    {
        Write(0, Batch(0, records: 1), Batch(1, records: 1)[..40]);

        var run = await InspectAsync();

        run.ExitCode.ShouldBe(1);
        run.Out.ShouldContain("fault: byte 71: the last 40 bytes are no whole batch");
        run.Out.ShouldEndWith("1 faults.\n");
    }

    [Fact]
    public async Task Inspect_SegmentsThatOverlap_IsAFault()
    {
        Write(0, Batch(0, records: 3));
        Write(2, Batch(2, records: 1));

        var run = await InspectAsync();

        run.ExitCode.ShouldBe(1);
        run.Out.ShouldContain("fault: begins at offset 2, the segment before it ends at 3");
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("topic-0")]
    public async Task Inspect_WithoutSegments_CouldNotRun(string path)
    {
        Directory.CreateDirectory(_directory.Combine("topic-0"));

        var run = await CliRun.ExecuteAsync(_directory.Path, ["broker", "inspect", path]);

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("VX-4003");
    }

    private Task<CliRun> InspectAsync(params string[] options) =>
        CliRun.ExecuteAsync(_directory.Path, ["broker", "inspect", ".", .. options]);

    private void Write(long baseOffset, params byte[][] batches)
    {
        var partition = Directory.CreateDirectory(_directory.Combine("topic-0")).FullName;
        var name = baseOffset.ToString("D20", CultureInfo.InvariantCulture);
        File.WriteAllBytes(Path.Combine(partition, $"{name}.log"), [.. batches.SelectMany(batch => batch)]);
    }

    private static byte[] Batch(long baseOffset, int records)
    {
        var batch = new byte[BatchHeader.SizeBytes + 10];
        var time = new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        BatchHeader.Write(batch, 0, records, time, producerId: 7, producerEpoch: 1, baseSequence: (int)baseOffset);
        BatchHeader.SetBaseOffset(batch, baseOffset);
        return batch;
    }
}
