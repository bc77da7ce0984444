using System.Globalization;
using System.Text.Json;

namespace Veltrix.Cli.Tests;

public sealed class LoadTests
{
    // 200 events in 20 batches.
    private static readonly string[] Small =
    [
        "load",
        "--json",
        "--rate",
        "1000",
        "--duration",
        "200ms",
        "--batch",
        "10",
        "--keys",
        "7",
    ];

    [Fact]
    public async Task Load_EverythingGoesWell_ReportsEqualNumbersAndSucceeds()
    {
        await using var platform = await FakePlatform.StartAsync();

        var run = await platform.RunAsync(Small);

        run.Error.ShouldBeEmpty();
        run.ExitCode.ShouldBe(0);
        run.Number("sent").ShouldBe(200);
        run.Number("accepted").ShouldBe(200);
        run.Number("handled").ShouldBe(200);
        run.Number("lost").ShouldBe(0);
        run.Number("duplicated").ShouldBe(0);
        run.Number("unacknowledged").ShouldBe(0);
        run.Json.EnumerateObject()
            .Select(member => member.Name)
            .ShouldBe([
                "sent",
                "accepted",
                "handled",
                "lost",
                "duplicated",
                "unacknowledged",
                "refused",
                "putOff",
                "eventsPerSecond",
                "handledPerSecond",
                "bytesPerEvent",
                "p50Milliseconds",
                "p99Milliseconds",
                "endToEndP50Milliseconds",
                "endToEndP99Milliseconds",
                "source",
            ]);
        run.Json.GetProperty("eventsPerSecond").GetDouble().ShouldBeGreaterThan(0);
        run.Json.GetProperty("handledPerSecond").GetDouble().ShouldBeGreaterThan(0);
        run.Json.GetProperty("bytesPerEvent").GetDouble().ShouldBeGreaterThan(100);
        foreach (
            var latency in new[]
            {
                "p50Milliseconds",
                "p99Milliseconds",
                "endToEndP50Milliseconds",
                "endToEndP99Milliseconds",
            }
        )
            run.Json.GetProperty(latency).GetDouble().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Load_Events_AreValidCloudEventsOfOneRun()
    {
        await using var platform = await FakePlatform.StartAsync();

        var run = await platform.RunAsync(Small);

        var events = platform.Seen.ToList();
        var source = run.Json.GetProperty("source").GetString()!;
        var prefix = $"load-{source.Split('/')[^1]}-";
        source.ShouldStartWith("/veltrix/load/");
        events.Select(Text("id")).Select(long.Parse!).Order().ShouldBe(Enumerable.Range(0, 200).Select(id => (long)id));
        events.Select(Text("source")).Distinct().ShouldBe([source]);
        events.Select(Text("type")).Distinct().ShouldBe(["com.veltrix.player.moved"]);
        events.Select(Text("specversion")).Distinct().ShouldBe(["1.0"]);
        events
            .Select(Text("subject"))
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ShouldBe(Enumerable.Range(0, 7).Select(key => $"{prefix}{key}"));
        foreach (var element in events)
        {
            DateTimeOffset
                .ParseExact(
                    Text("time")(element)!,
                    "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'",
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal
                )
                .ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(5));
            var data = element.GetProperty("data");
            data.GetProperty("latitude").GetDouble().ShouldBeInRange(-90, 90);
            data.GetProperty("longitude").GetDouble().ShouldBeInRange(-180, 180);
            data.GetProperty("meters").GetInt32().ShouldBeGreaterThanOrEqualTo(0);
        }
        platform.ContentTypes.Distinct().ShouldBe(["application/cloudevents-batch+json"]);
        platform.Keys.Distinct().ShouldBe([$"Bearer {FakePlatform.IngestKey}"]);
    }

    [Fact]
    public async Task Load_BatchOfOne_SendsSingleEvents()
    {
        await using var platform = await FakePlatform.StartAsync();

        var run = await platform.RunAsync("load", "--json", "--rate", "100", "--duration", "100ms", "--batch", "1");

        run.Number("accepted").ShouldBe(10);
        platform.ContentTypes.ShouldBe(Enumerable.Repeat("application/cloudevents+json", 10));
    }

    [Fact]
    public async Task Load_AcknowledgedEventsHaveNoEffect_AreLost()
    {
        await using var platform = await FakePlatform.StartAsync();
        platform.OnEvent = element => Id(element) % 50 == 0 ? new FakeFate("accepted", 0) : FakeFate.Accepted;

        var run = await platform.RunAsync([.. Small, "--drain-timeout", "300ms"]);

        run.ExitCode.ShouldBe(1);
        run.Number("accepted").ShouldBe(200);
        run.Number("handled").ShouldBe(196);
        run.Number("lost").ShouldBe(4);
        run.Number("duplicated").ShouldBe(0);
    }

    [Fact]
    public async Task Load_EffectsAppliedTwice_AreDuplicated()
    {
        await using var platform = await FakePlatform.StartAsync();
        platform.OnEvent = element => new FakeFate("accepted", Id(element) < 3 ? 2 : 1);

        var run = await platform.RunAsync(Small);

        run.ExitCode.ShouldBe(1);
        run.Number("handled").ShouldBe(200);
        run.Number("lost").ShouldBe(0);
        run.Number("duplicated").ShouldBe(3);
    }

    [Fact]
    public async Task Load_OneLostAndOneDuplicated_DoNotCancelOut()
    {
        await using var platform = await FakePlatform.StartAsync();
        platform.OnEvent = element => new FakeFate(
            "accepted",
            Id(element) switch
            {
                0 => 0,
                1 => 2,
                _ => 1,
            }
        );

        var run = await platform.RunAsync([.. Small, "--drain-timeout", "300ms"]);

        run.Number("lost").ShouldBe(1);
        run.Number("duplicated").ShouldBe(1);
    }

    [Fact]
    public async Task Load_HandledButNeverAcknowledged_IsUnacknowledgedAndNoFailure()
    {
        await using var platform = await FakePlatform.StartAsync();
        platform.OnEvent = element =>
            Id(element) >= 190 ? new FakeFate("unavailable", Effects: 0, "VX-1009") : FakeFate.Accepted;
        platform.OnRequest = number =>
        {
            if (number == 1)
                platform.Effects[("/unrelated", "1")] = 1;
            return null;
        };
        var applied = 0;
        var before = platform.OnEvent;
        platform.OnEvent = element =>
            Id(element) == 195 && Interlocked.Exchange(ref applied, 1) == 0
                ? new FakeFate("unavailable", Effects: 1, "VX-1009")
                : before(element);

        var run = await platform.RunAsync([.. Small, "--drain-timeout", "300ms"]);

        run.ExitCode.ShouldBe(0);
        run.Number("sent").ShouldBe(200);
        run.Number("accepted").ShouldBe(190);
        run.Number("handled").ShouldBe(191);
        run.Number("unacknowledged").ShouldBe(1);
        run.Number("lost").ShouldBe(0);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(0)]
    public async Task Load_RequestsFailForAWhile_AreSentAgainWithTheSameIds(int status)
    {
        await using var platform = await FakePlatform.StartAsync();
        platform.OnRequest = number =>
            number % 3 == 1 ? new FakeAnswer(status, "VX-1009", status == 503 ? 0 : null) : null;

        var run = await platform.RunAsync(Small);

        run.Error.ShouldBeEmpty();
        run.ExitCode.ShouldBe(0);
        run.Number("accepted").ShouldBe(200);
        run.Number("handled").ShouldBe(200);
        run.Number("sent").ShouldBe(200);
    }

    [Fact]
    public async Task Load_AnswerIsLostAfterTheEffect_IsAcknowledgedByTheNextAttempt()
    {
        await using var platform = await FakePlatform.StartAsync();
        platform.OnRequest = number => number == 1 ? new FakeAnswer(0, Handles: true) : null;
        platform.OnEvent = element =>
            platform.Effects.ContainsKey((element.GetProperty("source").GetString()!, $"{Id(element)}"))
                ? new FakeFate("duplicate", 0)
                : FakeFate.Accepted;

        var run = await platform.RunAsync(Small);

        run.ExitCode.ShouldBe(0);
        run.Number("accepted").ShouldBe(200);
        run.Number("duplicated").ShouldBe(0);
    }

    [Fact]
    public async Task Load_SomeEventsOfABatchFail_OnlyTheirAcknowledgementIsMissing()
    {
        await using var platform = await FakePlatform.StartAsync();
        platform.OnEvent = element =>
            Id(element) == 5 ? new FakeFate("rejected", 0, "VX-1008", "No such type.") : FakeFate.Accepted;

        var run = await platform.RunAsync(Small);

        run.Number("accepted").ShouldBe(199);
        run.Number("refused").ShouldBe(1);
        run.Number("lost").ShouldBe(0);
        run.Error.ShouldContain("VX-1008");
        run.Error.ShouldContain("No such type.");
        run.Error.ShouldContain("Fix: ");
    }

    [Fact]
    public async Task Load_KeyIsRefused_EndsAtOnceAndSaysWhy()
    {
        await using var platform = await FakePlatform.StartAsync();
        platform.OnRequest = _ => new FakeAnswer(401, "VX-9001");

        var run = await platform.RunAsync(["load", "--rate", "10", "--duration", "1h"]);

        run.ExitCode.ShouldBe(2);
        run.Out.ShouldBeEmpty();
        run.Error.ShouldContain("VX-9001");
    }

    [Fact]
    public async Task Load_Hunts_AreWholeAndInOrderWithinABatch()
    {
        await using var platform = await FakePlatform.StartAsync();

        var run = await platform.RunAsync([.. Small, "--type", "hunts"]);

        run.ExitCode.ShouldBe(0);
        platform.Hunts.Count.ShouldBe(40);
        foreach (var hunt in platform.Seen.GroupBy(Text("subject")))
            hunt.Select(Text("type"))
                .ShouldBe([
                    "com.veltrix.hunt.started",
                    "com.veltrix.clue.found",
                    "com.veltrix.clue.found",
                    "com.veltrix.clue.found",
                    "com.veltrix.treasure.claimed",
                ]);
    }

    [Theory]
    [InlineData("300", 300, 300)]
    [InlineData("200-4500", 200, 4500)]
    [InlineData("1", 40, 70)]
    public async Task Load_PayloadBytes_AreTheSizeOfTheData(string option, int minimum, int maximum)
    {
        await using var platform = await FakePlatform.StartAsync();

        await platform.RunAsync([.. Small, "--payload-bytes", option]);

        var sizes = platform.Seen.Select(element => element.GetProperty("data").GetRawText().Length).ToList();
        sizes.Min().ShouldBeGreaterThanOrEqualTo(minimum);
        sizes.Max().ShouldBeLessThanOrEqualTo(maximum);
    }

    [Fact]
    public async Task Load_OtherType_CarriesThatType()
    {
        await using var platform = await FakePlatform.StartAsync();

        await platform.RunAsync([.. Small, "--type", "com.github.push"]);

        platform.Seen.Select(Text("type")).Distinct().ShouldBe(["com.github.push"]);
    }

    [Fact]
    public async Task Load_WithoutJson_PrintsATable()
    {
        await using var platform = await FakePlatform.StartAsync();

        var run = await platform.RunAsync([.. Small.Where(argument => argument != "--json")]);

        run.Out.ShouldContain("Accepted");
        run.Out.ShouldContain("200");
    }

    [Theory]
    [InlineData("--rate", "0")]
    [InlineData("--rate", "-5")]
    [InlineData("--rate", "fast")]
    [InlineData("--duration", "0")]
    [InlineData("--duration", "soon")]
    [InlineData("--duration", "400d")]
    [InlineData("--batch", "0")]
    [InlineData("--batch", "10001")]
    [InlineData("--connections", "x")]
    [InlineData("--keys", "0")]
    [InlineData("--payload-bytes", "9-1")]
    [InlineData("--payload-bytes", "-1")]
    [InlineData("--ingest", "localhost")]
    [InlineData("--nonsense", "1")]
    public async Task Load_WrongOption_IsRefusedBeforeAnythingIsSent(string option, string value)
    {
        await using var platform = await FakePlatform.StartAsync();

        var run = await platform.RunAsync("load", option, value);

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(option);
        platform.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task Load_MoreEventsThanCanBeAccountedFor_IsRefused()
    {
        var run = await CliRun.ExecuteAsync(Path.GetTempPath(), ["load", "--rate", "1000000", "--duration", "1h"]);

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("exceeds");
    }

    private static long Id(JsonElement element) => long.Parse(Text("id")(element)!, CultureInfo.InvariantCulture);

    private static Func<JsonElement, string?> Text(string member) => element => element.GetProperty(member).GetString();
}
