using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Veltrix.Testing;

namespace Veltrix.EndToEnd.Tests;

/// <summary>kill -9 in mid-load loses nothing that was acknowledged, and the platform heals by itself.</summary>
[Collection(RunningPlatformCollection.Name)]
public sealed class KillTests(RunningPlatform running)
{
    private readonly Platform _platform = running.Platform;

    [Theory]
    [InlineData("processor")]
    [InlineData("ingest")]
    [InlineData("kafka")]
    public async Task Kill_InMidLoad_LosesNothingAcknowledged(string resource)
    {
        var victim = _platform.Replicas(resource)[0];
        var load = CommandLine.LoadAsync(
            _platform,
            ["--rate", "1000", "--duration", "12s", "--batch", "20", "--connections", "4", "--keys", "50"]
        );
        await Eventually.AnswersAsync(HandledPerSecondAsync, rate => rate > 0, TimeSpan.FromSeconds(60));

        Process.GetProcessById(victim.ProcessId!.Value).Kill();

        var report = await load;
        report.Sent.ShouldBe(12_000);
        if (report.Lost > 0)
            Assert.Fail(await MissingEvents.DescribeAsync(_platform, report));
        report.Duplicated.ShouldBe(0, report.ToString());
        report.Handled.ShouldBe(report.Accepted + report.Unacknowledged, report.ToString());
        report.Accepted.ShouldBeGreaterThan(0);
        await Eventually.AnswersAsync(
            () => Task.FromResult(_platform.Replicas(resource)),
            replicas =>
                replicas.All(replica =>
                    replica.Health == "Healthy"
                    && replica.ProcessId is not null
                    && replica.ProcessId != victim.ProcessId
                ),
            TimeSpan.FromSeconds(60)
        );
    }

    private async Task<double> HandledPerSecondAsync()
    {
        var nodes = await _platform.Config.GetFromJsonAsync<JsonElement>(
            "/nodes",
            TestContext.Current.CancellationToken
        );
        return nodes
            .EnumerateArray()
            .Where(node => node.GetProperty("service").GetString() == "processor")
            .Sum(node => node.GetProperty("eventsPerSecond").GetDouble());
    }
}
