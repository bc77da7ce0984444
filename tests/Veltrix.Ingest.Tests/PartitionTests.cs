using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Veltrix.Ingest.Tests;

/// <summary>The same key lands in the same partition, whichever client writes it.</summary>
public sealed class PartitionTests
{
    private const int Partitions = 7;

    /// <summary>Values of the tests of Apache Kafka's own clients.</summary>
    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [InlineData("abc", 479470107)]
    public void Murmur2_KnownText_HasTheKnownHash(string text, int expected) =>
        Murmur2(Encoding.UTF8.GetBytes(text)).ShouldBe(expected);

    [Fact]
    public async Task Post_ManyKeys_ChoosesThePartitionsOfJavaClients()
    {
        var configuration = TestKafka.Configuration(Partitions);
        await using var host = await IngestHost.StartAsync(configuration);
        var events = Enumerable
            .Range(0, 100)
            .Select(index =>
                $$"""{"id":"{{index}}","source":"/tests","specversion":"1.0","type":"com.veltrix.player.moved","subject":"player-{{index}}"}"""
            );

        var answer = await host.PostAsync($"[{string.Join(',', events)}]", HttpExtensions.Batch);

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var records = await TestKafka.ReadAllAsync(configuration.PlayersTopic());
        records.Count.ShouldBe(100);
        foreach (var record in records)
            record.Partition.Value.ShouldBe((Murmur2(record.Message.Key) & int.MaxValue) % Partitions);
    }

    /// <summary>MurmurHash2, 32 bits, with the seed of Kafka's Java client.</summary>
    private static int Murmur2(ReadOnlySpan<byte> data)
    {
        const uint Multiplier = 0x5bd1e995;
        var hash = 0x9747b28c ^ (uint)data.Length;
        while (data.Length >= 4)
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(data) * Multiplier;
            word = (word ^ (word >> 24)) * Multiplier;
            hash = (hash * Multiplier) ^ word;
            data = data[4..];
        }
        if (data.Length > 0)
        {
            for (var index = data.Length - 1; index >= 0; index--)
                hash ^= (uint)data[index] << (8 * index);
            hash *= Multiplier;
        }
        hash = (hash ^ (hash >> 13)) * Multiplier;
        return (int)(hash ^ (hash >> 15));
    }
}
