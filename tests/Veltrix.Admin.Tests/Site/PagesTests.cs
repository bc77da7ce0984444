using System.Collections.Concurrent;
using Microsoft.Playwright;
using Veltrix.Admin.Tests.Fakes;
using Veltrix.Configuration;
using static Microsoft.Playwright.Assertions;

namespace Veltrix.Admin.Tests.Site;

/// <summary>The pages in Chromium, from the keyboard to the fake platform and back. Every test also fails on an error in the browser's console.</summary>
public sealed class PagesTests(Browser browser) : IClassFixture<Browser>, IAsyncLifetime
{
    private const float LimitMilliseconds = 20_000;
    private readonly ConcurrentQueue<string> _errors = new();
    private AdminSite _site = null!;
    private IBrowserContext _context = null!;
    private IPage _page = null!;

    private FakePlatform Platform => _site.Platform;

    public async ValueTask InitializeAsync()
    {
        SetDefaultExpectTimeout(LimitMilliseconds);
        _site = await AdminSite.StartAsync();
        _context = await browser.ContextAsync(_site.Address);
        _page = await OpenAsync();
        await _page.GotoAsync("/");
        await _page.GetByLabel("Operator key").FillAsync(FakePlatform.OperatorKey);
        await _page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await InteractiveAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        await _site.DisposeAsync();
    }

    [Fact]
    public async Task Overview_WithoutNodes_SaysThatNothingReportsYet()
    {
        await Expect(_page.GetByText("No node has reported yet.")).ToBeVisibleAsync();
        await Expect(_page.GetByText("No player has moved yet.")).ToBeVisibleAsync();
        await Expect(_page.GetByText("No hunt has been started yet.")).ToBeVisibleAsync();
        _errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Overview_NodesReport_ShowsTheirRatesAndFollowsThem()
    {
        var rate = 100.0;
        Platform.Nodes = () =>
            [Report("ingest-a", Volatile.Read(ref rate)), Report("ingest-b", 50), Report("processor-a", 150)];
        var ingest = _page.Locator("[data-service=ingest]");
        await Expect(ingest.Locator("[data-measure=rate]")).ToHaveTextAsync("150");

        Volatile.Write(ref rate, 4_950);

        await Expect(ingest.Locator("[data-measure=rate]")).ToHaveTextAsync("5,000");
        await Expect(_page.Locator("[data-service=processor] [data-measure=workers]")).ToHaveTextAsync("2");
        await Expect(_page.Locator("tr[data-node]")).ToHaveCountAsync(3);
        await Expect(_page.Locator("figure svg path.rz-series-0, figure svg .rz-line-series")).Not.ToHaveCountAsync(0);
        _errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Overview_IdleNodesTakeANewVersion_MarksItWhereThereIsALineAndDrawsWhatBegins()
    {
        var version = 1;
        var p99 = 0.0;
        Platform.Nodes = () =>
            [
                FakeNodes.Report(
                    "processor-a",
                    DateTimeOffset.UtcNow,
                    0,
                    Volatile.Read(ref p99) is > 0 and var measured ? measured : null,
                    Volatile.Read(ref version)
                ),
            ];
        await Expect(_page.Locator("figure svg")).Not.ToHaveCountAsync(0);

        Volatile.Write(ref version, 2);

        await Expect(_page.Locator("figure").First.GetByText("v2")).ToBeVisibleAsync();
        await Expect(_page.Locator("figure").Last).ToContainTextAsync("Nothing has been measured.");

        Volatile.Write(ref p99, 30);
        await Expect(_page.Locator("figure svg")).ToHaveCountAsync(2);
        await Expect(_page.Locator("[data-node]").First).ToContainTextAsync("30 ms");
        _errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Overview_ANodeFallsSilent_IsNamed()
    {
        var frozen = Report("processor-dead", 70);
        Platform.Nodes = () => [frozen, Report("processor-well", 30)];

        await Expect(_page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "1 node silent" }))
            .ToContainTextAsync("processor-dead");
        await Expect(_page.Locator("[data-service=processor] [data-measure=rate]")).ToHaveTextAsync("30");
        _errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Fleet_ANodeDrifts_ComesFirstWithItsDetail()
    {
        var condition = NodeCondition.Current;
        Platform.Fleet = () =>
            [
                Node("ingest-a", NodeCondition.Current, "Runs version 3."),
                Node("processor-b", condition, "Runs version 3 with another hash."),
            ];
        await _page.GetByRole(AriaRole.Link, new() { Name = "Fleet" }).ClickAsync();
        await Expect(_page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("2 nodes, all current");

        condition = NodeCondition.Drifted;

        await Expect(_page.Locator("tr[data-node]").First).ToContainTextAsync("processor-b");
        await Expect(_page.Locator("tr[data-node]").First).ToContainTextAsync("another hash");
        await Expect(_page.GetByRole(AriaRole.Heading, new() { Level = 1 }))
            .ToContainTextAsync("1 of 2 nodes not current");
        _errors.ShouldBeEmpty();

        static FleetNode Node(string name, NodeCondition condition, string detail) =>
            new(name, name.Split('-')[0], condition, DateTimeOffset.UtcNow, detail, Report(name, 5));
    }

    [Fact]
    public async Task Node_FromTheFleet_ShowsChartsAndErrorsOfTheSpan()
    {
        var now = DateTimeOffset.UtcNow;
        var report = Report("ingest-a", 1_000) with
        {
            Latency = new(100, [5]),
            Queue = new(1_000, 0.37),
            Errors = [new("VX-1010", 3)],
            ErrorsPerSecond = 3,
        };
        Platform.Fleet = () => [new("ingest-a", "ingest", NodeCondition.Current, now, "Runs version 1.", report)];
        Platform.Reports = _ => [new(now, report), new(now.AddSeconds(-1), report)];
        Platform.Minutes = _ =>
            [
                new(now, 60, 900, 2, 0.5, 1, 10, 2, 8, null, new(1, 0.2), [new("VX-1009", 120)], [1], null, null),
                new(now.AddMinutes(-1), 60, 800, 0, 0.5, 1, 10, 2, 8, null, null, [], [1], null, null),
            ];
        await _page.GetByRole(AriaRole.Link, new() { Name = "Fleet" }).ClickAsync();
        await Expect(_page.Locator("tr[data-node=ingest-a]")).ToContainTextAsync("37 %");

        await _page.GetByRole(AriaRole.Link, new() { Name = "ingest-a" }).ClickAsync();

        await Expect(_page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("ingest-a");
        await Expect(_page.Locator("figure .rz-chart")).ToHaveCountAsync(4);
        await Expect(_page.Locator("[data-error=VX-1010]")).ToContainTextAsync("6");
        await _page.GetByRole(AriaRole.Link, new() { Name = "1 h" }).ClickAsync();
        await Expect(_page.Locator("[data-error=VX-1009]")).ToContainTextAsync("120");
        await Expect(_page.Locator("[data-error=VX-1010]")).ToHaveCountAsync(0);
        _errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Overview_ConfigServiceAway_TellsItsCodeAndRecovers()
    {
        Platform.Nodes = () => [Report("ingest-a", 100)];
        await Expect(_page.Locator("[data-node]")).ToHaveCountAsync(1);

        Platform.IsAway = true;
        await Expect(_page.GetByText("Not live")).ToBeVisibleAsync();
        await Expect(_page.GetByText("VX-2005").First).ToBeVisibleAsync();
        await Expect(_page.Locator("[data-node]")).ToHaveCountAsync(1);

        Platform.IsAway = false;
        await Expect(_page.GetByText("VX-2005")).ToHaveCountAsync(0);
        _errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Configuration_ManyVersions_PagesAndComparesByAddress()
    {
        for (var number = 2; number <= 20; number++)
            Platform.Publish(Workers(number % 5 + 1), $"Reason {number}");
        await _page.GotoAsync("/configuration");
        await InteractiveAsync();
        await Expect(_page.GetByRole(AriaRole.Heading, new() { Name = "Version 20 In force" })).ToBeVisibleAsync();

        await _page.GetByRole(AriaRole.Link, new() { Name = "Older" }).ClickAsync();
        await _page.GetByRole(AriaRole.Link, new() { Name = "v3", Exact = true }).ClickAsync();
        await Expect(_page.GetByRole(AriaRole.Heading, new() { Name = "Version 3 Superseded" })).ToBeVisibleAsync();
        await _page.GetByRole(AriaRole.Link, new() { Name = "Changes to version 20" }).ClickAsync();

        await Expect(_page.Locator(".line.removed")).ToContainTextAsync("\"workers\": 4");
        await Expect(_page.Locator(".line.added")).ToContainTextAsync("\"workers\": 1");
        new Uri(_page.Url).Query.ShouldContain("version=3");
        await _page.ReloadAsync();
        await Expect(_page.Locator(".line.removed")).ToContainTextAsync("\"workers\": 4");
        _errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Publish_WorkersWithAReason_IsANewVersionAndNodesAreSeenToFollow()
    {
        var version = 1;
        Platform.Nodes = () =>
            [FakeNodes.Report("processor-a", DateTimeOffset.UtcNow, version: Volatile.Read(ref version))];
        await OpenPublishAsync();
        await _page.GetByLabel("Workers of each processor node").FillAsync("4");
        await _page.GetByLabel("Reason").FillAsync("Four for the evening");
        await _page.GetByRole(AriaRole.Button, new() { Name = "Publish on top of version 1" }).ClickAsync();

        await Expect(_page.GetByText("Version 2 is published.")).ToBeVisibleAsync();
        Platform.Current.Configuration.Processor.Workers.ShouldBe(4);
        Platform.Current.Reason.ShouldBe("Four for the evening");
        await Expect(_page.Locator("[data-measure=applied]")).ToHaveTextAsync("0 of 1 node run it.");

        Volatile.Write(ref version, 2);
        await Expect(_page.Locator("[data-measure=applied]")).ToHaveTextAsync("1 of 1 node run it.");
        _errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Publish_RefusedDocument_ListsEveryErrorAndKeepsTheText()
    {
        await OpenPublishAsync();
        await _page.GetByLabel("Workers of each processor node").FillAsync("600");
        await _page.GetByLabel("Reason").FillAsync("Too many");
        await _page.GetByRole(AriaRole.Button, new() { Name = "Publish on top of version 1" }).ClickAsync();

        var note = _page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "VX-2001" });
        await Expect(note.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(2);
        await Expect(note).ToContainTextAsync("$.processor.workers");
        (await _page.GetByLabel("Document").InputValueAsync()).ShouldContain("\"workers\": 600");
        Platform.Current.Number.ShouldBe(1);
        _errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Publish_WithoutReasonOrWithoutJson_SaysSoAtTheField()
    {
        await OpenPublishAsync();
        await _page.GetByLabel("Document").FillAsync("{ \"processor\": }");
        await _page.GetByRole(AriaRole.Button, new() { Name = "Publish on top of version 1" }).ClickAsync();

        await Expect(_page.Locator("#reason-mistake")).ToContainTextAsync("Say why");
        await Expect(_page.Locator("#document-mistake")).ToContainTextAsync("Line 1");
        Platform.Current.Number.ShouldBe(1);
        _errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Publish_SomebodyWasFaster_ShowsTheirsAndLetsOneChoose()
    {
        await OpenPublishAsync();
        Platform.Publish(Workers(9), "Nine are better", "grace");
        await _page.GetByLabel("Workers of each processor node").FillAsync("4");
        await _page.GetByLabel("Reason").FillAsync("Four are enough");
        await _page.GetByRole(AriaRole.Button, new() { Name = "Publish on top of version 1" }).ClickAsync();

        await Expect(_page.GetByText("grace published version 2 meanwhile")).ToBeVisibleAsync();
        await Expect(_page.GetByText("Nine are better")).ToBeVisibleAsync();
        await _page.GetByRole(AriaRole.Button, new() { Name = "Keep my text" }).ClickAsync();
        await _page.GetByRole(AriaRole.Button, new() { Name = "Publish on top of version 2" }).ClickAsync();

        await Expect(_page.GetByText("Version 3 is published.")).ToBeVisibleAsync();
        Platform.Current.Configuration.Processor.Workers.ShouldBe(4);
        _errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Workflows_ManyHunts_FiltersAndPagesByAddress()
    {
        Platform.Hunts =
        [
            .. Enumerable
                .Range(1, 60)
                .Reverse()
                .Select(number => FakeHunt.Number(number, number % 2 == 0 ? "Completed" : "Hunting")),
        ];
        await _page.GotoAsync("/workflows");
        await InteractiveAsync();
        await Expect(_page.Locator("tbody tr")).ToHaveCountAsync(25);
        await Expect(_page.Locator("[data-state=Hunting]")).ToHaveTextAsync("Hunting 30");

        await _page.Locator("[data-state=Hunting]").ClickAsync();
        await Expect(_page.Locator("tbody tr").First).ToContainTextAsync("hunt-059");
        await _page.GetByRole(AriaRole.Link, new() { Name = "Older" }).ClickAsync();

        await Expect(_page.Locator("tbody tr")).ToHaveCountAsync(5);
        await Expect(_page.Locator("tbody tr").First).ToContainTextAsync("hunt-009");
        new Uri(_page.Url).Query.ShouldContain("state=Hunting");
        await _page.GoBackAsync();
        await Expect(_page.Locator("tbody tr").First).ToContainTextAsync("hunt-059");
        _errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Workflows_OneHunt_ShowsItsTimelineAndFollowsIt()
    {
        Platform.Hunts = [FakeHunt.Number(7, "Hunting")];
        await _page.GotoAsync("/workflows");
        await InteractiveAsync();
        await _page.GetByRole(AriaRole.Link, new() { Name = "hunt-007" }).ClickAsync();
        await Expect(_page.Locator(".timeline li")).ToHaveCountAsync(3);

        Platform.Hunts = [FakeHunt.Number(7, "Completed")];

        await Expect(_page.Locator(".timeline li")).ToHaveCountAsync(7);
        await Expect(_page.Locator(".timeline li").Last).ToContainTextAsync("Treasure claimed by grace");
        await Expect(_page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Completed");
        _errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Look_Switched_IsRememberedByTheBrowser()
    {
        await _page.GetByRole(AriaRole.Button, new() { Name = "Use the dark look" }).ClickAsync();
        await Expect(_page.GetByRole(AriaRole.Button, new() { Name = "Use the light look" })).ToBeVisibleAsync();
        await Testing.Eventually.HoldsAsync(
            async () =>
                (await _context.CookiesAsync()).Any(cookie =>
                    cookie is { Name: "veltrix-theme", Value: "standard-dark" }
                ),
            cancellation: TestContext.Current.CancellationToken
        );

        await _page.ReloadAsync();

        await Expect(_page.Locator("#radzen-theme-link[href*=standard-dark]")).ToHaveCountAsync(1);
        _errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task SignOut_InOneTab_LocksTheOthers()
    {
        var other = await OpenAsync();
        await other.GotoAsync("/workflows");
        await Expect(other.Locator("[data-interactive=true]")).ToBeVisibleAsync();

        await _page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();

        await Expect(_page.GetByLabel("Operator key")).ToBeVisibleAsync();
        await Expect(other.GetByText("Your session has ended.")).ToBeVisibleAsync();
        _errors.ShouldBeEmpty();
    }

    private async Task OpenPublishAsync()
    {
        await _page.GotoAsync("/configuration/publish");
        await Expect(_page.GetByLabel("Reason")).ToBeVisibleAsync();
    }

    private async Task<IPage> OpenAsync()
    {
        var page = await _context.NewPageAsync();
        page.SetDefaultTimeout(LimitMilliseconds);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                _errors.Enqueue(message.Text);
        };
        page.PageError += (_, error) => _errors.Enqueue(error);
        page.Request += (_, request) =>
        {
            if (
                new Uri(request.Url) is { Scheme: "http" or "https" } address
                && address.Authority != _site.Address.Authority
            )
                _errors.Enqueue($"A request left the site: {request.Url}");
        };
        return page;
    }

    private Task InteractiveAsync() => Expect(_page.Locator("[data-interactive=true]")).ToBeVisibleAsync();

    private static NodeReport Report(string node, double eventsPerSecond) =>
        FakeNodes.Report(node, DateTimeOffset.UtcNow, eventsPerSecond);

    private static PlatformConfiguration Workers(int workers) =>
        PlatformConfiguration.Default with
        {
            Processor = new ProcessorConfiguration(workers),
        };
}
