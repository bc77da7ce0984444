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
