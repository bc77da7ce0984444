using System.Buffers;
using System.Text;
using Veltrix.Broker.Compression;

namespace Veltrix.Broker.Tests.Compression;

/// <summary>Round trips; that others' output is read, and ours by others, is shown by the tests with real clients.</summary>
public sealed class CodecTests
{
    private const int Limit = 10_000_000;

    public static TheoryData<int> Numbers => [1, 2, 3, 4];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Compress_ThenDecompress_GivesTheContentBack(int number)
    {
        var random = new Random(number);
        foreach (var length in new[] { 0, 1, 4, 5, 12, 13, 60, 61, 100, 4096, 65_535, 65_536, 65_537, 300_000 })
        {
            foreach (var alphabet in new[] { 1, 2, 5, 256 })
            {
                var content = new byte[length];
                for (var index = 0; index < length; index++)
                    content[index] = (byte)random.Next(alphabet);
                Decompress(number, Compress(number, content)).ShouldBe(content, $"{length} of {alphabet}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Compress_Text_MakesItSmaller(int number)
    {
        var text = Encoding.UTF8.GetBytes(
            string.Concat(Enumerable.Range(0, 1000).Select(i => $"player-{i % 7} moved; "))
        );
        Compress(number, text).Length.ShouldBeLessThan(text.Length / 3);
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Decompress_CutOrGarbledAnywhere_ThrowsOrGivesSomething(int number)
    {
        var random = new Random(1);
        var compressed = Compress(number, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("abcdefgh1234", 40))));
        for (var position = 0; position < compressed.Length; position++)
        {
            TryDecompress(number, compressed[..position]);
            var garbled = compressed.ToArray();
            garbled[position] = (byte)random.Next(256);
            TryDecompress(number, garbled);
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Decompress_MoreThanAllowed_IsRefused(int number)
    {
        var compressed = Compress(number, new byte[1_000_000]);
        Codecs.Find(number)!.TryDecompress(compressed, new ArrayBufferWriter<byte>(), 100_000).ShouldBeFalse();
    }

    [Fact]
    public void Decompress_SnappyOfJavaClients_JoinsTheFramesBlocks()
    {
        var (first, second) = (Compress(2, "hello "u8.ToArray()), Compress(2, "world"u8.ToArray()));
        byte[] framed =
        [
            0x82,
            .. "SNAPPY\0"u8,
            0,
            0,
            0,
            1,
            0,
            0,
            0,
            1,
            0,
            0,
            0,
            (byte)first.Length,
            .. first,
            0,
            0,
            0,
            (byte)second.Length,
            .. second,
        ];
        Decompress(2, framed).ShouldBe("hello world"u8.ToArray());
    }

    private static byte[] Compress(int number, byte[] content)
    {
        var target = new ArrayBufferWriter<byte>();
        Codecs.Find(number)!.Compress(content, target);
        return target.WrittenSpan.ToArray();
    }

    private static byte[] Decompress(int number, byte[] compressed)
    {
        var target = new ArrayBufferWriter<byte>();
        Codecs.Find(number)!.TryDecompress(compressed, target, Limit).ShouldBeTrue();
        return target.WrittenSpan.ToArray();
    }

    /// <summary>Anything but an InvalidDataException fails the test.</summary>
    private static void TryDecompress(int number, byte[] compressed)
    {
        try
        {
            Decompress(number, compressed);
        }
        catch (InvalidDataException)
        {
            // As it should be.
        }
    }
}
