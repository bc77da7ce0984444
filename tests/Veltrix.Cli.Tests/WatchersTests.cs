using System.Text.Json;

namespace Veltrix.Cli.Tests;

public sealed class WatchersTests
{
    private static readonly string[] Short = ["--pause", "1ms", "--hold", "1ms", "--json"];

    [Theory]
    [InlineData("--report")]
    [InlineData("--report", "--share-proof")]
    public async Task Watchers_ThatReport_SeeAndAcknowledgeEveryPublication(params string[] options)
    {
        await using var platform = await ConfigPlatform.StartAsync();
        var before = (await platform.MustAsync("export")).Out;

        var run = await RunAsync(
            platform,
            ["--nodes", "5", "--publishes", "3", "--warm-up", "1", .. options, .. Short]
        );

        run.Error.ShouldBeEmpty();
        run.ExitCode.ShouldBe(0);
        Count(run, "published").ShouldBe(3);
        Count(run, "seen").ShouldBe(15);
        Count(run, "acknowledged").ShouldBe(15);
        run.Number("missed").ShouldBe(0);
        run.Number("failedReports").ShouldBe(0);
        // At least what acknowledges: each node, the version before, the warm-up and the three.
        run.Number("reports").ShouldBeGreaterThanOrEqualTo(5 * 4);
        (await platform.MustAsync("export")).Out.ShouldBe(before);
    }

    [Fact]
    public async Task Watchers_ThatOnlyWatch_ReportNothing()
    {
        await using var platform = await ConfigPlatform.StartAsync();

        var run = await RunAsync(platform, ["--nodes", "3", "--publishes", "2", .. Short]);

        run.ExitCode.ShouldBe(0);
        Count(run, "seen").ShouldBe(6);
        run.Number("reports").ShouldBe(0);
        run.Json.GetProperty("acknowledged").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Watchers_Drifts_AreNamedByTheFleet()
    {
        await using var platform = await ConfigPlatform.StartAsync();

        var run = await RunAsync(platform, ["--nodes", "3", "--report", "--drifts", "2", .. Short]);

        run.ExitCode.ShouldBe(0);
        Count(run, "driftNamed").ShouldBe(2);
    }

    [Fact]
    public async Task Watchers_Text_IsATableWithTheMemory()
    {
        await using var platform = await ConfigPlatform.StartAsync();

        var run = await RunAsync(
            platform,
            ["--nodes", "2", "--publishes", "1", "--hold", "1ms", "--process", $"{Environment.ProcessId}"]
        );

        run.ExitCode.ShouldBe(0);
        run.Out.ShouldContain("Seen by a node");
        run.Out.ShouldContain("2 nodes, 1 publications, 0 missed");
        run.Out.ShouldContain("MB proportional set size");
        run.Out.ShouldContain("1 publications: ");
        run.Out.ShouldContain(" ms, of the service ");
    }

    [Fact]
    public async Task Watchers_ServiceRefusesTheWatch_SaysWhy()
    {
        await using var platform = await FakePlatform.StartAsync();

        var run = await platform.RunAsync("watchers", "--nodes", "2");

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("answered with HTTP 404");
    }

    [Theory]
    [InlineData("error VX-4004", "--nodes", "1", "--hold", "1ms", "--process", "0")]
    [InlineData("--nodes must be a whole number from 1 to 20000", "--nodes", "0")]
    [InlineData("--drifts needs --report", "--drifts", "1")]
    public async Task Watchers_WhatCannotBeDone_IsSaid(string error, params string[] options)
    {
        await using var platform = await ConfigPlatform.StartAsync();

        var run = await RunAsync(platform, options);

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(error);
    }

    private static Task<CliRun> RunAsync(ConfigPlatform platform, string[] options) =>
        CliRun.ExecuteAsync(platform.Directory, ["watchers", .. options]);

    private static long Count(CliRun run, string member) =>
        run.Json.GetProperty(member).GetProperty("count").GetInt64();
}
