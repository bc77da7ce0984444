namespace Veltrix.Conformance.Tests.Tools;

/// <summary>Kafka's own programs that write, read, measure and delete records.</summary>
public sealed class RecordToolTests
{
    private readonly string _topic = $"records-{Guid.NewGuid():N}";

    [Fact]
    public async Task VerifiableProducerAndConsumer_AgreeOnEveryRecord()
    {
        await JavaTools.CreateTopicAsync(_topic, 3);
        var produced = await JavaTools.ToolAsync(
            "VerifiableProducer",
            ["--topic", _topic, "--max-messages", "2000", "--throughput", "-1"]
        );
        produced.ShouldContain("\"sent\":2000,\"acked\":2000");
        var group = $"group-{_topic}";
        var consumed = await JavaTools.ToolAsync(
            "VerifiableConsumer",
            ["--topic", _topic, "--group-id", group, "--max-messages", "2000", "--reset-policy", "earliest"]
        );
        consumed.ShouldContain("\"name\":\"shutdown_complete\"");
        consumed.ShouldNotContain("\"success\":false");

        var offsets = await JavaTools.ToolAsync("GetOffsetShell", ["--topic", _topic]);
        offsets
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Sum(line => int.Parse(line.Split(':')[2]))
            .ShouldBe(2000);
        await InspectGroupAsync(group);
        await DeleteRecordsAsync(offsets);
    }

    [Fact]
    public async Task ConsoleProducerAndConsumer_PassKeysAndHeaders()
    {
        await JavaTools.CreateTopicAsync(_topic, 1);
        string[] reader =
        [
            "--reader-property",
            "parse.key=true",
            "--reader-property",
            "parse.headers=true",
            "--reader-property",
            "key.separator=:",
        ];
        await JavaTools.ToolAsync(
            "ConsoleProducer",
            ["--topic", _topic, "--compression-codec", "zstd", .. reader],
            "a:1\tkey:value\nb:2\tother:text\n"
        );
        string[] formatter = ["--formatter-property", "print.key=true", "--formatter-property", "print.headers=true"];
        var consumed = await JavaTools.ToolAsync(
            "consumer.ConsoleConsumer",
            ["--topic", _topic, "--from-beginning", "--max-messages", "2", .. formatter]
        );
        consumed.ShouldBe("a:1\tkey\tvalue\nb:2\tother\ttext\n");
    }

    [Fact]
    public async Task PerformanceTools_ProduceConsumeAndMeasure()
    {
        await JavaTools.CreateTopicAsync(_topic, 2);
        string[] records = ["--topic", _topic, "--num-records"];
        var produced = await JavaTools.ToolAsync(
            "ProducerPerformance",
            [.. records, "20000", "--record-size", "200", "--throughput", "-1"]
        );
        produced.ShouldContain("20000 records sent");
        var consumed = await JavaTools.ToolAsync("ConsumerPerformance", [.. records, "20000"]);
        consumed.ShouldContain(", 20000, ");
        var latency = await JavaTools.ToolAsync(
            "EndToEndLatency",
            [.. records, "50", "--producer-acks", "all", "--record-size", "100"]
        );
        latency.ShouldContain("Percentiles: 50th");
    }

    private async Task InspectGroupAsync(string group)
    {
        const string command = "consumer.group.ConsumerGroupCommand";
        string[] ofGroup = ["--group", group];
        var described = await JavaTools.ToolAsync(command, ["--describe", .. ofGroup]);
        var lags = described
            .Split('\n')
            .Where(line => line.StartsWith(group, StringComparison.Ordinal))
            .Select(LagOf)
            .ToList();
        lags.ShouldNotBeEmpty();
        lags.ShouldAllBe(lag => lag == "0");
        (await JavaTools.ToolAsync(command, ["--list", "--state", "Empty"])).ShouldContain(group);
        await JavaTools.ToolAsync(
            command,
            ["--reset-offsets", "--to-earliest", "--topic", _topic, "--execute", .. ofGroup]
        );
        (await JavaTools.ToolAsync(command, ["--delete", .. ofGroup])).ShouldContain("was successful");

        // GROUP TOPIC PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG ...
        static string LagOf(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[5];
    }

    private async Task DeleteRecordsAsync(string offsets)
    {
        var (partition, end) = offsets
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(':'))
            .Select(parts => (int.Parse(parts[1]), int.Parse(parts[2])))
            .MaxBy(each => each.Item2);
        var file = Path.GetTempFileName();
        var wanted = $$"""{"topic":"{{_topic}}","partition":{{partition}},"offset":{{end}}}""";
        await File.WriteAllTextAsync(file, $$"""{"version":1,"partitions":[{{wanted}}]}""");
        var deleted = await JavaTools.ToolAsync("DeleteRecordsCommand", ["--offset-json-file", file]);
        File.Delete(file);
        deleted.ShouldContain($"{_topic}-{partition}\tlow_watermark: {end}");
    }
}
