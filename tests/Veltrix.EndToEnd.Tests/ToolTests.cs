using Veltrix.Testing;

namespace Veltrix.EndToEnd.Tests;

/// <summary>Programs that nobody here wrote, against the running platform.</summary>
[Collection(RunningPlatformCollection.Name)]
public sealed class ToolTests(RunningPlatform running)
{
    private readonly Platform _platform = running.Platform;

    [Theory]
    [InlineData("config")]
    [InlineData("ingest")]
    [InlineData("processor")]
    [InlineData("admin")]
    public async Task Promtool_OnMetrics_FindsNothingToComplainAbout(string service)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var promtool = await NativeTools.PromtoolAsync(cancellation);
        using var client = new HttpClient { BaseAddress = _platform.Address(service) };
        var metrics = await client.GetStringAsync("/metrics", cancellation);
        metrics.ShouldContain("# TYPE");

        var (exitCode, output, errors) = await promtool.RunAsync(["check", "metrics"], metrics, cancellation);

        exitCode.ShouldBe(0, output + errors);
    }

    [Theory]
    [InlineData("config")]
    [InlineData("ingest")]
    [InlineData("processor")]
    [InlineData("admin")]
    public async Task Health_OfARunningService_AnswersWithoutAKey(string service)
    {
        using var client = new HttpClient { BaseAddress = _platform.Address(service) };

        (await client.GetAsync("/health", TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        (await client.GetAsync("/alive", TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task Kcat_OnTheRunningBroker_ListsProducesAndConsumes()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var kcat = await NativeTools.KcatAsync(cancellation);
        var broker = await _platform.ConnectionStringAsync("kafka");
        var marker = $"{Guid.NewGuid():N}";

        var list = await kcat.RunAsync(["-b", broker, "-L"], cancellation: cancellation);
        list.ExitCode.ShouldBe(0, list.Errors);
        list.Output.ShouldContain("topic \"players\" with 6 partitions");

        var produced = await kcat.RunAsync(
            ["-b", broker, "-P", "-t", "github", "-k", marker, "-X", "enable.idempotence=true"],
            "{\"written\":\"past ingest\"}\n",
            cancellation
        );
        produced.ExitCode.ShouldBe(0, produced.Errors);

        var consumed = await kcat.RunAsync(
            ["-b", broker, "-C", "-t", "github", "-o", "beginning", "-e", "-f", "%k %s\n"],
            cancellation: cancellation
        );
        consumed.ExitCode.ShouldBe(0, consumed.Errors);
        consumed.Output.ShouldContain($"{marker} {{\"written\":\"past ingest\"}}");
    }
}
