using Veltrix.Configuration;

namespace Veltrix.Cli.Tests;

public sealed class FleetTests
{
    [Fact]
    public async Task Fleet_AllCurrent_ListsThemAndSucceeds()
    {
        await using var platform = await FakePlatform.StartAsync();
        platform.Fleet = [Node("ingest-a", NodeCondition.Current), Node("processor-b", NodeCondition.Current)];

        var run = await platform.RunAsync("fleet");

        run.ExitCode.ShouldBe(0);
        run.Out.ShouldContain("ingest-a");
        run.Out.ShouldContain("processor-b");
        platform.Keys.ShouldBe([$"Bearer {FakePlatform.OperatorKey}"]);
    }

    [Fact]
    public async Task Fleet_OneHasDrifted_NamesItAndFails()
    {
        await using var platform = await FakePlatform.StartAsync();
        platform.Fleet = [Node("ingest-a", NodeCondition.Current), Node("processor-b", NodeCondition.Drifted)];

        var run = await platform.RunAsync("fleet", "--json");

        run.ExitCode.ShouldBe(1);
        run.Out.ShouldContain("\"condition\":\"drifted\"");
    }

    [Fact]
    public async Task Fleet_Empty_SaysSo()
    {
        await using var platform = await FakePlatform.StartAsync();

        var run = await platform.RunAsync("fleet");

        run.ExitCode.ShouldBe(0);
        run.Out.ShouldContain("No node has reported");
    }

    [Fact]
    public async Task Fleet_OneNode_ShowsWhatItDoesAndDid()
    {
        await using var platform = await FakePlatform.StartAsync();
        var node = Node("ingest-a", NodeCondition.Lagging);
        platform.Fleet =
        [
            node with
            {
                Report = node.Report with { Queue = new(1 << 20, 0.25), Errors = [new("VX-1010", 7)] },
            },
        ];
        platform.Minutes = [Minute(12, 30), Minute(12, 29)];

        var run = await platform.RunAsync("fleet", "ingest-a");

        run.ExitCode.ShouldBe(1);
        run.Out.ShouldContain("lagging", Case.Insensitive);
        run.Out.ShouldContain("25 %");
        run.Out.ShouldContain("VX-1010");
        run.Out.IndexOf("12:29", StringComparison.Ordinal)
            .ShouldBeInRange(0, run.Out.IndexOf("12:30", StringComparison.Ordinal));
        var json = (await platform.RunAsync("fleet", "ingest-a", "--json")).Json;
        json.GetProperty("node").GetProperty("condition").GetString().ShouldBe("lagging");
        json.GetProperty("minutes").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task Fleet_UnknownNode_FailsWithTheCode()
    {
        await using var platform = await FakePlatform.StartAsync();

        var run = await platform.RunAsync("fleet", "nobody");

        run.ExitCode.ShouldNotBe(0);
        run.Error.ShouldContain("VX-2040");
    }

    private static NodeMinute Minute(int hour, int minute) =>
        new(
            new DateTimeOffset(2026, 11, 21, hour, minute, 0, TimeSpan.Zero),
            60,
            1_000,
            0.5,
            0.3,
            1 << 20,
            50,
            2,
            9.5,
            null,
            new(100, 0.1),
            [],
            [3],
            null,
            null
        );

    private static FleetNode Node(string name, NodeCondition condition) =>
        new(
            name,
            name.Split('-')[0],
            condition,
            DateTimeOffset.UnixEpoch,
            "Runs version 3.",
            new(name, name.Split('-')[0], 3, "h", default, default, 0.1, 1 << 20, 5, 0, 1, 2, null)
        );
}
