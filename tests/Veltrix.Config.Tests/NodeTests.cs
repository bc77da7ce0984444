using System.Net.Http.Json;
using System.Text;
using Veltrix.Config.Nodes;
using Veltrix.Config.Versions;
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

    [Fact]
    public void Nodes_SilentFor30Seconds_AreDropped()
    {
        var time = new ManualTime();
        var registry = new NodeRegistry(new CurrentVersion(), time);
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
        var registry = new NodeRegistry(new CurrentVersion(), time);
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
