namespace Veltrix.Cli.Tests;

public sealed class SendTests
{
    [Fact]
    public async Task Send_StandardInput_SendsEveryLineInOrder()
    {
        await using var platform = await FakePlatform.StartAsync();

        var run = await platform.RunWithInputAsync(Lines(1, 25), "send", "--batch", "10", "--json");

        run.Error.ShouldBeEmpty();
        run.ExitCode.ShouldBe(0);
        run.Number("accepted").ShouldBe(25);
        platform
            .Seen.Select(element => element.GetProperty("id").GetString())
            .ShouldBe(Enumerable.Range(1, 25).Select(id => $"{id}"));
        platform.ContentTypes.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("\uFEFF")]
    [InlineData("\n  \n\r\n")]
    public async Task Send_ByteOrderMarkBlankLinesAndCarriageReturns_AreNoEvents(string prefix)
    {
        await using var platform = await FakePlatform.StartAsync();

        var run = await platform.RunWithInputAsync(
            prefix + Lines(1, 2).Replace("\n", "\r\n", StringComparison.Ordinal).TrimEnd(),
            "send",
            "--json"
        );

        run.ExitCode.ShouldBe(0);
        run.Number("events").ShouldBe(2);
        run.Number("accepted").ShouldBe(2);
    }

    [Fact]
    public async Task Send_File_IsReadRelativeToTheWorkingDirectory()
    {
        await using var platform = await FakePlatform.StartAsync();
        await File.WriteAllTextAsync(
            Path.Combine(platform.Directory, "events.ndjson"),
            Lines(1, 3),
            TestContext.Current.CancellationToken
        );

        var run = await platform.RunAsync("send", "events.ndjson");

        run.ExitCode.ShouldBe(0);
        run.Out.ShouldStartWith("3 accepted");
    }

    [Fact]
    public async Task Send_MissingFile_SaysSo()
    {
        await using var platform = await FakePlatform.StartAsync();

        var run = await platform.RunAsync("send", "nothing.ndjson");

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("VX-4003");
        run.Error.ShouldContain("nothing.ndjson");
    }

    [Fact]
    public async Task Send_LinesThatAreNoEvents_AreReportedWithTheirNumbersAndTheRestIsSent()
    {
        await using var platform = await FakePlatform.StartAsync();
        var input = $"{Line(1)}\nnot json\n\n[]\n{Line(2)}\n{{\"id\":\n";

        var run = await platform.RunWithInputAsync(input, "send", "--json");

        run.ExitCode.ShouldBe(1);
        run.Number("accepted").ShouldBe(2);
        run.Number("failed").ShouldBe(3);
        run.Json.GetProperty("errors")
            .EnumerateArray()
            .Select(error => error.GetProperty("line").GetInt64())
            .ShouldBe([2, 4, 6]);
        run.Error.ShouldContain("line 2: VX-4003");
    }

    [Fact]
    public async Task Send_IngestRefusesAnEvent_NamesItsLineAndReason()
    {
        await using var platform = await FakePlatform.StartAsync();
        platform.OnEvent = element =>
            element.GetProperty("id").GetString() == "7"
                ? new FakeFate("rejected", 0, "VX-1008", "The type com.example is not known.")
                : FakeFate.Accepted;

        var run = await platform.RunWithInputAsync(Lines(1, 20), "send", "--batch", "5", "--json");

        run.ExitCode.ShouldBe(1);
        run.Number("accepted").ShouldBe(19);
        var error = run.Json.GetProperty("errors")[0];
        error.GetProperty("line").GetInt64().ShouldBe(7);
        error.GetProperty("code").GetString().ShouldBe("VX-1008");
        run.Error.ShouldContain("line 7: VX-1008 The event type is not known: The type com.example is not known.");
    }

    [Fact]
    public async Task Send_PlatformIsBusyForAWhile_SendsAgain()
    {
        await using var platform = await FakePlatform.StartAsync();
        platform.OnRequest = number => number <= 2 ? new FakeAnswer(503, "VX-1009", 0) : null;

        var run = await platform.RunWithInputAsync(Lines(1, 3), "send", "--json");

        run.ExitCode.ShouldBe(0);
        run.Number("accepted").ShouldBe(3);
    }

    [Fact]
    public async Task Send_PlatformStaysAway_FailsWithTheCode()
    {
        await using var platform = await FakePlatform.StartAsync();
        platform.OnRequest = _ => new FakeAnswer(503, "VX-1009", 0);

        var run = await platform.RunWithInputAsync(Lines(1, 3), "send", "--json", "--retry-timeout", "50ms");

        run.ExitCode.ShouldBe(1);
        run.Number("failed").ShouldBe(3);
        run.Error.ShouldContain("VX-1009");
    }

    [Fact]
    public async Task Send_BatchIsTooLargeForIngest_IsSplitUntilItFits()
    {
        await using var platform = await FakePlatform.StartAsync();
        platform.OnRequest = number => number <= 2 ? new FakeAnswer(413, "VX-1007") : null;

        var run = await platform.RunWithInputAsync(Lines(1, 8), "send", "--json");

        run.ExitCode.ShouldBe(0);
        run.Number("accepted").ShouldBe(8);
        platform
            .Seen.Select(element => element.GetProperty("id").GetString())
            .ShouldBe(Enumerable.Range(1, 8).Select(id => $"{id}"));
    }

    [Fact]
    public async Task Send_KnownEvents_AreDuplicatesAndNoFailure()
    {
        await using var platform = await FakePlatform.StartAsync();
        platform.OnEvent = _ => new FakeFate("duplicate", 0);

        var run = await platform.RunWithInputAsync(Lines(1, 3), "send", "--json");

        run.ExitCode.ShouldBe(0);
        run.Number("duplicates").ShouldBe(3);
    }

    [Fact]
    public async Task Send_VeryLongLine_IsReportedWithoutHoldingIt()
    {
        await using var platform = await FakePlatform.StartAsync();
        var input = $"{Line(1)}\n{new string('x', 17 * 1024 * 1024)}\n{Line(2)}";

        var run = await platform.RunWithInputAsync(input, "send", "--json");

        run.Number("accepted").ShouldBe(2);
        run.Json.GetProperty("errors")[0].GetProperty("line").GetInt64().ShouldBe(2);
    }

    private static string Line(int id) =>
        $$"""{"specversion":"1.0","id":"{{id}}","source":"/tests","type":"com.example"}""";

    private static string Lines(int first, int count) =>
        string.Concat(Enumerable.Range(first, count).Select(id => Line(id) + "\n"));
}
