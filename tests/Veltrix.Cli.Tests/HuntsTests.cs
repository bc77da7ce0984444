namespace Veltrix.Cli.Tests;

public sealed class HuntsTests
{
    [Fact]
    public async Task Hunts_AllEnd_ReportsCompletedHunts()
    {
        await using var platform = await FakePlatform.StartAsync();

        var run = await platform.RunAsync("hunts", "--count", "150", "--players", "3", "--clues", "4", "--json");

        run.Error.ShouldBeEmpty();
        run.ExitCode.ShouldBe(0);
        run.Number("completed").ShouldBe(150);
        run.Number("unfinished").ShouldBe(0);
        run.Number("events").ShouldBe(900);
        run.Number("accepted").ShouldBe(900);
        var first = platform
            .Seen.GroupBy(element => element.GetProperty("subject").GetString())
            .First()
            .Select(element => element.GetProperty("data"))
            .ToList();
        first[0].GetProperty("clues").GetInt32().ShouldBe(4);
        first.Skip(1).Take(4).Select(data => data.GetProperty("clue").GetInt32()).ShouldBe([1, 2, 3, 4]);
        first[5].GetProperty("points").GetInt32().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Hunts_SomeSagasNeverEnd_AreUnfinishedAndAFailure()
    {
        await using var platform = await FakePlatform.StartAsync();
        platform.OnEvent = element =>
            element.GetProperty("subject").GetString()!.EndsWith("-1", StringComparison.Ordinal)
                ? new FakeFate("accepted", 0)
                : FakeFate.Accepted;

        var run = await platform.RunAsync("hunts", "--count", "3", "--json", "--drain-timeout", "300ms");

        run.ExitCode.ShouldBe(1);
        run.Number("completed").ShouldBe(2);
        run.Number("unfinished").ShouldBe(1);
    }

    [Fact]
    public async Task Hunts_IngestRefuses_SaysWhy()
    {
        await using var platform = await FakePlatform.StartAsync();
        platform.OnEvent = _ => new FakeFate("rejected", 0, "VX-1008", "Not routed.");

        var run = await platform.RunAsync("hunts", "--json");

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("VX-1008");
        run.Error.ShouldContain("Not routed.");
    }
}
