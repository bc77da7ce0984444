using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Veltrix.Config.Nodes;
using Veltrix.Configuration;
using Veltrix.ServiceDefaults.Security;
using Veltrix.Testing;

namespace Veltrix.Config.Tests;

public sealed class NodeTests(SharedReplica shared)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Report_ThenList_ShowsTheLastReportOfEachNode()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);
        using var node = replica.As(Roles.Node);
        using var admin = replica.As(Roles.Operator);

        foreach (var report in new[] { Report("b", 1), Report("a", 2), Report("b", 3) })
        {
            using var answer = await node.PostAsJsonAsync(
                "/nodes/report",
                report,
                ConfigurationJson.Default.NodeReport,
                Cancellation
            );
            ((int)answer.StatusCode).ShouldBe(204);
        }

        var nodes = await admin.GetFromJsonAsync(
            "/nodes",
            ConfigurationJson.Default.IReadOnlyListNodeReport,
            Cancellation
        );
        nodes.ShouldBe([Report("a", 2), Report("b", 3)]);
    }

    [Theory]
    [InlineData("{", 400, "VX-2006")]
    [InlineData("""{"node":"n"}""", 400, "VX-2006")]
    [InlineData("LONG", 413, "VX-2007")]
    public async Task Report_UnusableBody_IsAProblemWithACode(string body, int status, string code)
    {
        using var node = shared.Replica.As(Roles.Node);
        // A body that is too large is refused before it is read: who sends it nevertheless finds a closed connection.
        node.DefaultRequestHeaders.ExpectContinue = true;
        using var content = new StringContent(
            body == "LONG" ? $"\"{new string('n', 20_000)}\"" : body,
            Encoding.UTF8,
            "application/json"
        );

        using var response = await node.PostAsync("/nodes/report", content, Cancellation);

        ((int)response.StatusCode).ShouldBe(status);
        (await response.CodeAsync()).ShouldBe(code);
    }

    [Theory]
    [InlineData("\"node\":\"n\"", "\"node\":\"a/b\"")]
    [InlineData("\"node\":\"n\"", "\"node\":\"a\\u0000\"")]
    [InlineData("\"cpuCores\":0.5", "\"cpuCores\":1e999")]
    [InlineData("\"cpuCores\":0.5", "\"cpuCores\":\"0.5\"")]
    [InlineData("\"cpuCores\":0.5", "\"CpuCores\":0.5")]
    [InlineData("\"eventsPerSecond\":1", "\"eventsPerSecond\":-1")]
    [InlineData("\"eventsPerSecond\":1", "\"eventsPerSecond\":1e308")]
    [InlineData("\"latencyP50Milliseconds\":1.5", "\"latencyP50Milliseconds\":1e16")]
    [InlineData("\"hash\":\"h\"", "\"hash\":\"h\\u0000\"")]
    [InlineData("\"hash\":\"h\"", "\"hash\":\"LONG\"")]
    [InlineData("\"refusal\":null", "\"refusal\":\"no\\u0000\"")]
    [InlineData("\"refusal\":null", "\"refusal\":\"two\\nlines\"")]
    [InlineData("\"refusal\":null", "\"refusal\":\"LONG\"")]
    [InlineData("\"refusal\":null", "\"refusal\":\"\\ud800\"")]
    [InlineData("\"latency\":null", "\"latency\":{\"firstBucket\":272,\"counts\":[1]}")]
    [InlineData("\"latency\":null", "\"latency\":{\"firstBucket\":0,\"counts\":[-1]}")]
    [InlineData("\"handling\":null", "\"handling\":{\"firstBucket\":0,\"counts\":null}")]
    [InlineData("\"errors\":null", "\"errors\":[null]")]
    [InlineData("\"errors\":null", "\"errors\":[{\"code\":\"oops\",\"count\":1}]")]
    [InlineData("\"queue\":null", "\"queue\":{\"bytes\":-1,\"fraction\":0}")]
    public async Task Report_ValueThatNoNodeHas_IsRefused(string member, string instead)
    {
        using var node = shared.Replica.As(Roles.Node);
        var json = JsonSerializer.Serialize(Report("n", 1), ConfigurationJson.Default.NodeReport);
        json.ShouldContain(member);
        instead = instead.Replace("LONG", new string('x', NodeReport.MaximumRefusalCharacters + 1));
        using var content = new StringContent(json.Replace(member, instead), Encoding.UTF8, "application/json");

        using var response = await node.PostAsync("/nodes/report", content, Cancellation);

        ((int)response.StatusCode).ShouldBe(400);
        (await response.CodeAsync()).ShouldBe("VX-2006");
    }

    [Fact]
    public void Report_FromManyThreads_LosesNone()
    {
        var registry = TestRegistry.New(new ManualTime());

        Parallel.For(0, 10_000, index => registry.Report(Report($"node-{index % 100}", index)));

        registry.Fleet().Count.ShouldBe(100);
        for (var node = 0; node < 100; node++)
            registry.Reports($"node-{node}", DateTimeOffset.MaxValue, int.MaxValue)!.Count.ShouldBe(100);
    }

    [Fact]
    public void Nodes_SilentFor30Seconds_AreDropped()
    {
        var time = new ManualTime();
        var registry = TestRegistry.New(time);
        registry.Report(Report("early", 1));
        time.Advance(TimeSpan.FromSeconds(20));
        registry.Report(Report("late", 1));
        time.Advance(TimeSpan.FromSeconds(10));
        registry.Nodes().Select(report => report.Node).ShouldBe(["early", "late"]);

        time.Advance(TimeSpan.FromMilliseconds(1));

        registry.Nodes().ShouldHaveSingleItem().Node.ShouldBe("late");
    }

    [Fact]
    public void Report_MoreNodesThanTheLimit_ForgetsTheOneSilentLongest()
    {
        var time = new ManualTime();
        var registry = TestRegistry.New(time);
        for (var number = 0; number <= NodeRegistry.MaximumNodes; number++)
        {
            registry.Report(Report($"node-{number:d5}", number));
            time.Advance(TimeSpan.FromMilliseconds(1));
        }

        var nodes = registry.Nodes();

        nodes.Count.ShouldBe(NodeRegistry.MaximumNodes);
        nodes[0].Node.ShouldBe("node-00001");
    }

    private static NodeReport Report(string node, double events) =>
        new(node, "processor", 1, "h", default, default, 0.5, 1, events, 0, 1.5, null, 2);
}
