using Veltrix.Conformance.Tests.Wire;
using Veltrix.Testing;

namespace Veltrix.Broker.Tests;

/// <summary>What an operator sees of the broker as it runs.</summary>
public sealed class OperationsTests : IDisposable
{
    private const string LongestInterval = "60000";
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Metrics_ShowEachLimitBesideItsUse()
    {
        await using var broker = await BrokerProcess.StartAsync(
            _directory.Path,
            new()
            {
                ["Broker__MaximumConnections"] = "7",
                ["Broker__MaximumTopics"] = "17",
                ["VELTRIX_LOG_FORMAT"] = "ecs",
            }
        );
        using var client = await WireClient.ConnectAsync(broker.Servers);
        await client.CreateTopicAsync("topic", partitions: 3);
        await client.SendFrameAsync([0x7F, 0x7F, 0, 0, 0, 0, 0, 1, 0xFF, 0xFF]);
        (await client.IsClosedAsync()).ShouldBeTrue();
        using var other = await WireClient.ConnectAsync(broker.Servers);
        await other.SendAsync("ApiVersions", 0, []);

        string[] expected =
        [
            "veltrix_broker_connections 1",
            "veltrix_broker_connections_limit 7",
            "veltrix_broker_topics 1",
            "veltrix_broker_topics_limit 17",
            "veltrix_broker_partitions 3",
            "veltrix_broker_partitions_limit 4000",
            "veltrix_broker_request_bytes_in_flight_bytes 0",
            "veltrix_broker_request_bytes_in_flight_limit_bytes 268435456",
            "veltrix_broker_request_largest_limit_bytes 104857600",
            "veltrix_broker_groups 0",
            "veltrix_broker_groups_limit 10000",
            "veltrix_broker_transactional_ids_limit 10000",
            "veltrix_broker_transactions_open 0",
        ];
        var page = await MetricsAsync(broker, lines => lines.Contains("veltrix_broker_connections 1"));
        foreach (var line in expected)
            page.ShouldContain(line);
        await broker.TerminateAsync();
        // One JSON object a line, for whoever collects logs.
        var refused = broker.Output.Split('\n').Single(line => line.Contains("Unknown API"));
        refused.ShouldStartWith("{");
        refused.ShouldContain("\"message\":\"Closing the connection of /127.0.0.1: Unknown API 32639.\"");
    }

    [Fact]
    public async Task Start_OnADirectoryOfARunningBroker_IsRefused()
    {
        await using var broker = await BrokerProcess.StartAsync(_directory.Path);

        var (code, output) = await BrokerProcess.RunToEndAsync(_directory.Path);

        code.ShouldBe(1);
        output.ShouldContain("belongs to another running broker");
    }

    [Fact]
    public async Task Start_OnADirectoryOfANewerBroker_IsRefused_AndLeavesItAlone()
    {
        await using (var broker = await BrokerProcess.StartAsync(_directory.Path))
            (await broker.TerminateAsync()).ShouldBe(0);
        var file = Path.Combine(_directory.Path, "node.json");
        var newer = (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Replace(
            "\"format\":1",
            "\"format\":2"
        );
        await File.WriteAllTextAsync(file, newer, TestContext.Current.CancellationToken);

        var (code, output) = await BrokerProcess.RunToEndAsync(_directory.Path);

        code.ShouldBe(1);
        output.ShouldContain("says format 2, and this broker reads up to 1");
        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ShouldBe(newer);
    }

    [Theory]
    [InlineData(2, "Not understood: --prot", "--prot", "29092")]
    [InlineData(2, "Not understood: --bind without a value", "--bind")]
    [InlineData(1, "Broker:ListenAddress is no IP address.", "--bind", "nowhere")]
    [InlineData(1, "Broker:MaximumConnections is not positive.", "--Broker:MaximumConnections=0")]
    public async Task Start_WithWrongArguments_SaysWhich(int code, string message, params string[] arguments)
    {
        var result = await BrokerProcess.RunToEndAsync(_directory.Path, arguments);

        result.Output.ShouldContain(message);
        result.ExitCode.ShouldBe(code);
    }

    [Theory]
    [InlineData("group", LongestInterval, true)]
    [InlineData("interval", LongestInterval, false)]
    [InlineData("interval", "1", true)]
    [InlineData("none", "1", false)]
    public async Task Start_WithADurabilityByName_SyncsAsItSays(string name, string milliseconds, bool syncs)
    {
        const int Records = 3;
        await using var broker = await BrokerProcess.StartAsync(
            _directory.Path,
            arguments: ["--durability", name, "--Broker:FlushIntervalMilliseconds", milliseconds]
        );
        using var client = await WireClient.ConnectAsync(broker.Servers);
        await client.CreateTopicAsync("topic");
        for (var sent = 0; sent < Records; sent++)
            (await client.ProduceAsync("topic", WireBatch.Create(["value"]))).Error.ShouldBe<short>(0);

        var atLeast = (name, syncs) switch
        {
            ("group", _) => Records,
            (_, true) => 1,
            _ => 0,
        };
        var page = await MetricsAsync(broker, lines => Syncs(lines) >= atLeast);
        if (!syncs)
            Syncs(page).ShouldBe(0);

        static int Syncs(IEnumerable<string> lines)
        {
            const string Rounds = "veltrix_broker_flush_duration_seconds_count ";
            return lines.SingleOrDefault(line => line.StartsWith(Rounds, StringComparison.Ordinal)) is { } line
                ? int.Parse(line[Rounds.Length..])
                : 0;
        }
    }

    [Fact]
    public async Task Start_WithAnUnknownDurability_IsRefused()
    {
        var (code, output) = await BrokerProcess.RunToEndAsync(_directory.Path, "--durability", "sometimes");

        output.ShouldContain("sometimes");
        code.ShouldNotBe(0);
    }

    /// <summary>The lines of /metrics without their labels, as soon as they satisfy a condition.</summary>
    private static async Task<List<string>> MetricsAsync(BrokerProcess broker, Func<List<string>, bool> condition)
    {
        using var http = new HttpClient { BaseAddress = broker.Address };
        // Kafka's port may answer before that of HTTP does, and that one before it is healthy.
        return await Eventually.AnswersAsync(ReadAsync, condition, TimeSpan.FromSeconds(30));

        async Task<List<string>> ReadAsync()
        {
            using var health = await http.GetAsync("/health", TestContext.Current.CancellationToken);
            health.EnsureSuccessStatusCode();
            var page = await http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
            return [.. page.Split('\n').Where(line => !line.StartsWith('#')).Select(WithoutLabels)];
        }
    }

    private static string WithoutLabels(string line)
    {
        var (start, end) = (line.IndexOf('{'), line.IndexOf('}'));
        return start < 0 ? line : line[..start] + line[(end + 1)..];
    }
}
