using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Veltrix.Testing;

namespace Veltrix.Cli.Tests;

public sealed class DoctorTests : IDisposable
{
    private const string Good = """
        {
          "clusters": [{ "name": "kafka", "topics": [{ "name": "orders", "partitions": 6 }] }],
          "eventTypes": [{ "type": "com.example.order.*", "topic": "orders" }],
          "ingest": {}, "processor": {}, "workflows": {}
        }
        """;

    private static readonly string Lossy = Good.Replace(
        "\"ingest\": {}",
        "\"ingest\": {\"producer\":{\"acks\":\"leader\"}}"
    );

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Doctor_GoodConfiguration_ExitsWith0()
    {
        var run = await RunAsync(Good);

        run.Error.ShouldBeEmpty();
        run.ExitCode.ShouldBe(0);
        run.Out.ShouldContain("0 errors, 0 warnings");
        run.Out.ShouldContain("Saturates first: ingest, at 2 nodes x 2 cores");
    }

    [Fact]
    public async Task Doctor_LossyConfiguration_ExitsWith1AndSaysWhy()
    {
        var run = await RunAsync(Lossy);

        run.ExitCode.ShouldBe(1);
        run.Out.ShouldStartWith("error DOC-101: Events are acknowledged before they are safe");
        run.Out.ShouldContain("fix      add /ingest/producer/acks \"all\"");
        run.Out.ShouldEndWith("refused" + Environment.NewLine);
    }

    [Fact]
    public async Task Doctor_Json_HasFindingsAndCapacity()
    {
        var run = await RunAsync(Lossy, "--format", "json");

        run.ExitCode.ShouldBe(1);
        run.Json.GetProperty("refused").GetBoolean().ShouldBeTrue();
        var finding = run.Json.GetProperty("findings")[0];
        finding.GetProperty("code").GetString().ShouldBe("DOC-101");
        finding.GetProperty("severity").GetString().ShouldBe("error");
        finding.GetProperty("path").GetString().ShouldBe("$.ingest.producer.acks");
        finding.GetProperty("value").GetString().ShouldBe("leader");
        finding.GetProperty("fix")[0].GetProperty("op").GetString().ShouldBe("add");
        run.Json.GetProperty("capacity")
            .GetProperty("first")
            .GetProperty("eventsPerSecond")
            .GetDouble()
            .ShouldBe(8_000);
    }

    [Fact]
    public async Task Doctor_Sarif_NamesRuleLevelFileAndPlace()
    {
        var run = await RunAsync(Lossy, "--format", "sarif");

        run.ExitCode.ShouldBe(1);
        run.Json.GetProperty("version").GetString().ShouldBe("2.1.0");
        var log = run.Json.GetProperty("runs")[0];
        var result = log.GetProperty("results")[0];
        result.GetProperty("ruleId").GetString().ShouldBe("DOC-101");
        result.GetProperty("level").GetString().ShouldBe("error");
        result.GetProperty("message").GetProperty("text").GetString()!.ShouldContain("acks=leader");
        var location = result.GetProperty("locations")[0];
        location
            .GetProperty("physicalLocation")
            .GetProperty("artifactLocation")
            .GetProperty("uri")
            .GetString()
            .ShouldBe("configuration.json");
        location
            .GetProperty("logicalLocations")[0]
            .GetProperty("fullyQualifiedName")
            .GetString()
            .ShouldBe("$.ingest.producer.acks");
        log.GetProperty("tool")
            .GetProperty("driver")
            .GetProperty("rules")
            .EnumerateArray()
            .Select(rule => rule.GetProperty("id").GetString())
            .ShouldContain("DOC-101");
    }

    [Fact]
    public async Task Doctor_Fix_PrintsAConfigurationThatPasses()
    {
        var run = await RunAsync(Lossy, "--fix");

        run.ExitCode.ShouldBe(0);
        run.Error.ShouldContain("0 errors");
        JsonNode.Parse(run.Out)!["ingest"]!["producer"]!["acks"]!.GetValue<string>().ShouldBe("all");
        (await RunAsync(run.Out)).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Doctor_TrafficAndMachine_ReplaceTheDocuments()
    {
        await WriteAsync("traffic.json", """{ "eventsPerSecond": 200000 }""");
        await WriteAsync("machine.json", """{ "cores": 1 }""");

        var run = await RunAsync(Good, "--traffic", "traffic.json", "--machine", "machine.json");

        run.ExitCode.ShouldBe(1);
        run.Out.ShouldContain("200,000 events/s come in");
        run.Out.ShouldContain("2 nodes x 1 cores");
    }

    [Fact]
    public async Task Doctor_PreviousAndTopology_AreHeldAgainstTheDocument()
    {
        await WriteAsync("previous.json", Good.Replace("\"partitions\": 6", "\"partitions\": 3"));
        await WriteAsync("topology.json", """{ "brokers": 1, "topics": [{ "name": "orders", "partitions": 3 }] }""");

        var run = await RunAsync(Good, "--previous", "previous.json", "--topology", "topology.json");

        run.ExitCode.ShouldBe(1);
        run.Out.ShouldContain("DOC-201");
        run.Out.ShouldContain("DOC-205");
        run.Out.ShouldNotContain("DOC-801");
    }

    [Fact]
    public async Task Doctor_TopologyOfARunningKafka_IsHeldAgainstTheDocument()
    {
        var kafka = await Servers.KafkaAsync();
        var topic = $"orders-{Guid.NewGuid():N}";
        using (var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = kafka }).Build())
            await admin.CreateTopicsAsync([
                new TopicSpecification
                {
                    Name = topic,
                    NumPartitions = 3,
                    Configs = new()
                    {
                        ["cleanup.policy"] = "compact",
                        ["retention.bytes"] = "1000",
                        ["max.message.bytes"] = "2000",
                    },
                },
            ]);

        var run = await RunAsync(Good.Replace("\"orders\"", $"\"{topic}\""), "--topology", kafka);

        run.ExitCode.ShouldBe(1, run.Error);
        run.Out.ShouldContain("DOC-205");
        run.Out.ShouldContain("cleanup.policy=compact");
        run.Out.ShouldContain("retention.bytes=1000");
        run.Out.ShouldContain("max.message.bytes=2000");
        run.Out.ShouldNotContain("DOC-801");
    }

    [Fact]
    public async Task Doctor_TopologyOfAKafkaThatIsAway_ExitsWith2()
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var address = $"127.0.0.1:{((IPEndPoint)closed.LocalEndpoint).Port}";
        closed.Stop();
        await Servers.KafkaAsync();

        var run = await RunAsync(Good, "--topology", address);

        run.ExitCode.ShouldBe(2);
        run.Out.ShouldBeEmpty();
        run.Error.ShouldContain("VX-9007");
        run.Error.ShouldContain(address);
    }

    [Theory]
    [InlineData("topology.json", "VX-4003")]
    [InlineData("kafka", "VX-4003")]
    [InlineData("http://kafka:9092", "VX-4003")]
    public async Task Doctor_TopologyThatIsNeitherFileNorAddress_ExitsWith2(string topology, string code)
    {
        var run = await RunAsync(Good, "--topology", topology);

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(code);
    }

    [Fact]
    public async Task Doctor_Yaml_IsReadAsTheSameDocument()
    {
        await WriteAsync(
            "configuration.yaml",
            """
            clusters:
              - name: kafka
                topics: [{ name: orders, partitions: 6 }]
            eventTypes:
              - { type: com.example.order.*, topic: orders }
            ingest:
              producer: { acks: leader, enableIdempotence: true }
            processor: {}
            workflows: {}
            """
        );

        var yaml = await CliRun.ExecuteAsync(_directory.Path, ["doctor", "configuration.yaml", "--format", "json"]);
        var json = await RunAsync(Lossy, "--format", "json");

        yaml.ExitCode.ShouldBe(1, yaml.Error);
        yaml.Out.ShouldBe(json.Out);
    }

    [Theory]
    [InlineData("workflows: {}\nworkflows: {}", "$.workflows: The member stands here more than once.")]
    [InlineData("workflows: [", "is not YAML: line ")]
    [InlineData("workflows: {}", "$.clusters: The member is required.")]
    [InlineData("", "Expected an object")]
    [InlineData("workflows: &a {}\nprocessor: *a", "Anchors are not taken.")]
    public async Task Doctor_UnusableYaml_ExitsWith2(string document, string error)
    {
        await WriteAsync("configuration.yml", document);

        var run = await CliRun.ExecuteAsync(_directory.Path, ["doctor", "configuration.yml"]);

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(error);
    }

    [Theory]
    [InlineData("deep.json")]
    [InlineData("deep.yaml")]
    public async Task Doctor_DeeplyNestedDocument_ExitsWith2(string file)
    {
        await WriteAsync(file, new string('[', 100_000) + new string(']', 100_000));

        var run = await CliRun.ExecuteAsync(_directory.Path, ["doctor", file]);

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("VX-2001");
    }

    [Fact]
    public async Task Doctor_HugeFile_ExitsWith2()
    {
        await WriteAsync("huge.json", new string(' ', 16 * 1024 * 1024) + Good);

        var run = await CliRun.ExecuteAsync(_directory.Path, ["doctor", "huge.json"]);

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("larger than 16777216 bytes");
    }

    [Theory]
    [InlineData("hundred-million", "DOC-301")]
    [InlineData("fifty-servers", "DOC-201")]
    [InlineData("thirty-percent", "DOC-101")]
    [InlineData("ten-versus-two", "DOC-401")]
    [InlineData("worker-fourteen", "DOC-402")]
    public async Task Doctor_Incident_IsRefusedAndItsRepairPasses(string name, string code)
    {
        var folder = Path.Combine(Root(), "tests", "Fixtures", "incidents", name);
        List<string> others = ["--traffic", "traffic.json", "--machine", "machine.json"];
        if (File.Exists(Path.Combine(folder, "previous.json")))
            others.AddRange(["--previous", "previous.json"]);

        var refused = await CliRun.ExecuteAsync(folder, ["doctor", "configuration.json", .. others]);
        var repaired = await CliRun.ExecuteAsync(folder, ["doctor", "repaired.json", .. others]);

        refused.ExitCode.ShouldBe(1);
        refused.Out.ShouldStartWith($"error {code}: ");
        repaired.ExitCode.ShouldBe(0, repaired.Out);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not JSON")]
    [InlineData("[]")]
    [InlineData("{}")]
    public async Task Doctor_UnusableDocument_ExitsWith2(string document)
    {
        var run = await RunAsync(document);

        run.ExitCode.ShouldBe(2);
        run.Out.ShouldBeEmpty();
        run.Error.ShouldContain("VX-2001");
    }

    [Fact]
    public async Task Doctor_SeveralWrongOptions_NamesAllWithTheNearestName()
    {
        var run = await RunAsync(
            Good.Replace("\"processor\": {}", "\"processor\": { \"worker\": 3, \"maximumBatchEvents\": \"x\" }")
        );

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("$.processor.worker: The member is not known; the nearest known name is \"workers\".");
        run.Error.ShouldContain("$.processor.maximumBatchEvents: Expected a whole number");
    }

    [Theory]
    [InlineData("--traffic", """{ "eventsPerSecond": 0 }""")]
    [InlineData("--traffic", """{ "rate": 5 }""")]
    [InlineData("--machine", "nothing")]
    [InlineData("--topology", """{ "brokers": 0, "topics": [] }""")]
    [InlineData("--previous", "{}")]
    public async Task Doctor_UnusableOtherFile_ExitsWith2(string option, string content)
    {
        await WriteAsync("other.json", content);

        var run = await RunAsync(Good, option, "other.json");

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("VX-2001");
    }

    [Theory]
    [InlineData("doctor", "nothing.json")]
    [InlineData("doctor", "configuration.json", "--format", "xml")]
    [InlineData("doctor")]
    public async Task Doctor_MissingFileOrWrongUsage_ExitsWith2(params string[] arguments)
    {
        await WriteAsync("configuration.json", Good);

        var run = await CliRun.ExecuteAsync(_directory.Path, arguments);

        run.ExitCode.ShouldBe(2);
    }

    private async Task<CliRun> RunAsync(string document, params string[] arguments)
    {
        await WriteAsync("configuration.json", document);
        return await CliRun.ExecuteAsync(_directory.Path, ["doctor", "configuration.json", .. arguments]);
    }

    private Task WriteAsync(string name, string content) =>
        File.WriteAllTextAsync(_directory.Combine(name), content, TestContext.Current.CancellationToken);

    private static string Root([CallerFilePath] string here = "")
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(here)!);
        while (!File.Exists(Path.Combine(folder.FullName, "Veltrix.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("Veltrix.sln was not found above the tests.");
        return folder.FullName;
    }
}
