using System.Globalization;
using LibrdkafkaRedist;
using Veltrix.Testing;

namespace Veltrix.Conformance.Tests.Clients;

/// <summary>
/// What kcat does must work against the broker, and against any other Kafka just the same (VELTRIX_TEST_KAFKA).
/// </summary>
public sealed class KcatTests
{
    private readonly string _topic = $"kcat-{Guid.NewGuid():N}";

    [Fact]
    public async Task List_ShowsTheTopicAndItsPartitions()
    {
        var servers = await TopicAsync(partitions: 3);
        var listed = await RunAsync(servers, ["-L", "-t", _topic]);
        listed.ShouldContain($"topic \"{_topic}\" with 3 partitions:");
        listed.ShouldContain("(controller)");
    }

    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("snappy")]
    [InlineData("lz4")]
    [InlineData("zstd")]
    public async Task ProduceThenConsume_WithEveryCodec_GivesTheSameLinesBack(string codec)
    {
        var servers = await TopicAsync(partitions: 1);
        var lines = string.Concat(Enumerable.Range(0, 2000).Select(number => $"line {number}\n"));

        await RunAsync(servers, ["-P", "-t", _topic, "-z", codec], lines);

        (await RunAsync(servers, ["-C", "-t", _topic, "-e", "-q"])).ShouldBe(lines);
    }

    [Fact]
    public async Task Produce_KeysAndHeaders_ComeBackInTheirFormat()
    {
        var servers = await TopicAsync(partitions: 1);
        await RunAsync(
            servers,
            ["-P", "-t", _topic, "-K", ":", "-H", "a=1", "-X", "enable.idempotence=true"],
            "key:value\n"
        );
        var consumed = await RunAsync(servers, ["-C", "-t", _topic, "-e", "-q", "-f", "%p %o %k %s %h\n"]);
        consumed.ShouldBe("0 0 key value a=1\n");
    }

    [Fact]
    public async Task Query_ByTime_GivesFirstNextAndLaterOffsets()
    {
        var servers = await TopicAsync(partitions: 1);
        await RunAsync(servers, ["-P", "-t", _topic], "one\ntwo\n");
        (await RunAsync(servers, ["-Q", "-t", $"{_topic}:0:-2"])).ShouldContain("offset 0");
        (await RunAsync(servers, ["-Q", "-t", $"{_topic}:0:-1"])).ShouldContain("offset 2");
        var past = DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        (await RunAsync(servers, ["-Q", "-t", $"{_topic}:0:{past}"])).ShouldContain("offset 0");
    }

    [Fact]
    public async Task Group_ReadsEverythingOnceAndGoesOnThere()
    {
        var servers = await TopicAsync(partitions: 3);
        var lines = Enumerable.Range(0, 300).Select(number => $"{number}").ToList();
        await RunAsync(servers, ["-P", "-t", _topic], string.Join('\n', lines));
        string[] read = ["-G", $"group-{_topic}", "-X", "auto.offset.reset=earliest", "-e", "-q", _topic];

        var first = await RunAsync(servers, read);
        var second = await RunAsync(servers, read);

        first.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(lines, ignoreOrder: true);
        second.ShouldBeEmpty();
    }

    [Fact]
    public async Task Produce_EmptyValuesAsNull_ComeBackAsTombstones()
    {
        var servers = await TopicAsync(partitions: 1);
        await RunAsync(servers, ["-P", "-t", _topic, "-K", ":", "-Z"], "kept:value\ngone:\n");
        // A length of -1 is null.
        var consumed = await RunAsync(servers, ["-C", "-t", _topic, "-e", "-q", "-f", "%k %S\n"]);
        consumed.ShouldBe("kept 5\ngone -1\n");
    }

    [Fact]
    public async Task Consume_FromTheTailOrATime_BeginsThere()
    {
        var servers = await TopicAsync(partitions: 1);
        await RunAsync(servers, ["-P", "-t", _topic], "one\ntwo\nthree\n");
        (await RunAsync(servers, ["-C", "-t", _topic, "-e", "-q", "-o", "-2"])).ShouldBe("two\nthree\n");
        (await RunAsync(servers, ["-C", "-t", _topic, "-e", "-q", "-o", "s@1"])).ShouldBe("one\ntwo\nthree\n");
        (await RunAsync(servers, ["-C", "-t", _topic, "-e", "-q", "-o", "1", "-c", "1"])).ShouldBe("two\n");
    }

    [Fact]
    public async Task Produce_LargeMessages_PassUpToTheTopicsLimit()
    {
        var servers = await TopicAsync(partitions: 1);
        var large = new string('x', 1_000_000);
        await RunAsync(servers, ["-P", "-t", _topic, "-D", "|", "-X", "message.max.bytes=2000000"], large);
        (await RunAsync(servers, ["-C", "-t", _topic, "-e", "-q", "-f", "%S"])).ShouldBe("1000000");
    }

    private static async Task<string> RunAsync(string servers, string[] arguments, string input = "")
    {
        var kcat = await NativeTools.KcatAsync(TestContext.Current.CancellationToken);
        var (exitCode, output, errors) = await kcat.RunAsync(
            ["-b", servers, .. arguments],
            input,
            TestContext.Current.CancellationToken
        );
        exitCode.ShouldBe(0, errors);
        return output;
    }

    private async Task<string> TopicAsync(int partitions)
    {
        using var client = await ConfluentClient.CreateAsync(TestedKafka.Veltrix, _topic, partitions);
        return await TestedKafka.Veltrix.ServersAsync();
    }
}
