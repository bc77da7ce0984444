using Microsoft.Playwright;
using Veltrix.Admin.Tests.Fakes;
using Veltrix.Configuration;
using static Microsoft.Playwright.Assertions;

namespace Veltrix.Admin.Tests.Site;

/// <summary>The pages in Chromium, from the keyboard to the fake platform and back.</summary>
public sealed class PagesTests(Browser browser) : SignedInTests(browser), IClassFixture<Browser>
{
    [Fact]
    public async Task Overview_WithoutNodes_SaysThatNothingReportsYet()
    {
        await Expect(Page.GetByText("No node has reported yet.")).ToBeVisibleAsync();
        await Expect(Page.GetByText("No player has moved yet.")).ToBeVisibleAsync();
        await Expect(Page.GetByText("No hunt has been started yet.")).ToBeVisibleAsync();
        Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Overview_NodesReport_ShowsTheirRatesAndFollowsThem()
    {
        var rate = 100.0;
        Platform.Nodes = () =>
            [Report("ingest-a", Volatile.Read(ref rate)), Report("ingest-b", 50), Report("processor-a", 150)];
        var ingest = Page.Locator("[data-service=ingest]");
        await Expect(ingest.Locator("[data-measure=rate]")).ToHaveTextAsync("150");

        Volatile.Write(ref rate, 4_950);

        await Expect(ingest.Locator("[data-measure=rate]")).ToHaveTextAsync("5,000");
        await Expect(Page.Locator("[data-service=processor] [data-measure=workers]")).ToHaveTextAsync("2");
        await Expect(Page.Locator("tr[data-node]")).ToHaveCountAsync(3);
        await Expect(Page.Locator("figure svg path.rz-series-0, figure svg .rz-line-series")).Not.ToHaveCountAsync(0);
        Errors.ShouldBeEmpty();
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
        await Expect(Page.Locator("figure svg")).Not.ToHaveCountAsync(0);

        Volatile.Write(ref version, 2);

        await Expect(Page.Locator("figure").First.GetByText("v2")).ToBeVisibleAsync();
        await Expect(Page.Locator("figure").Last).ToContainTextAsync("Nothing has been measured.");

        Volatile.Write(ref p99, 30);
        await Expect(Page.Locator("figure svg")).ToHaveCountAsync(2);
        await Expect(Page.Locator("[data-node]").First).ToContainTextAsync("30 ms");
        Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Overview_ANodeFallsSilent_IsNamed()
    {
        var frozen = Report("processor-dead", 70);
        Platform.Nodes = () => [frozen, Report("processor-well", 30)];

        await Expect(Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "1 node silent" }))
            .ToContainTextAsync("processor-dead");
        await Expect(Page.Locator("[data-service=processor] [data-measure=rate]")).ToHaveTextAsync("30");
        Errors.ShouldBeEmpty();
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
        await Page.GetByRole(AriaRole.Link, new() { Name = "Fleet" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("2 nodes, all current");

        condition = NodeCondition.Drifted;

        await Expect(Page.Locator("tr[data-node]").First).ToContainTextAsync("processor-b");
        await Expect(Page.Locator("tr[data-node]").First).ToContainTextAsync("another hash");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 }))
            .ToContainTextAsync("1 of 2 nodes not current");
        Errors.ShouldBeEmpty();

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
        await Page.GetByRole(AriaRole.Link, new() { Name = "Fleet" }).ClickAsync();
        await Expect(Page.Locator("tr[data-node=ingest-a]")).ToContainTextAsync("37 %");

        await Page.GetByRole(AriaRole.Link, new() { Name = "ingest-a" }).ClickAsync();

        await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("ingest-a");
        await Expect(Page.Locator("figure .rz-chart")).ToHaveCountAsync(4);
        await Expect(Page.Locator("[data-error=VX-1010]")).ToContainTextAsync("6");
        await Page.GetByRole(AriaRole.Link, new() { Name = "1 h" }).ClickAsync();
        await Expect(Page.Locator("[data-error=VX-1009]")).ToContainTextAsync("120");
        await Expect(Page.Locator("[data-error=VX-1010]")).ToHaveCountAsync(0);
        Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Overview_ConfigServiceAway_TellsItsCodeAndRecovers()
    {
        Platform.Nodes = () => [Report("ingest-a", 100)];
        await Expect(Page.Locator("[data-node]")).ToHaveCountAsync(1);

        Platform.IsAway = true;
        await Expect(Page.GetByText("Not live")).ToBeVisibleAsync();
        await Expect(Page.GetByText("VX-2005").First).ToBeVisibleAsync();
        await Expect(Page.Locator("[data-node]")).ToHaveCountAsync(1);

        Platform.IsAway = false;
        await Expect(Page.GetByText("VX-2005")).ToHaveCountAsync(0);
        Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Configuration_ManyVersions_PagesAndComparesByAddress()
    {
        for (var number = 2; number <= 20; number++)
            Platform.Publish(Workers(number % 5 + 1), $"Reason {number}");
        await Page.GotoAsync("/configuration");
        await InteractiveAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Version 20 In force" })).ToBeVisibleAsync();

        await Page.GetByRole(AriaRole.Link, new() { Name = "Older" }).ClickAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "v3", Exact = true }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Version 3 Superseded" })).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "Changes to version 20" }).ClickAsync();

        await Expect(Page.Locator(".line.removed")).ToContainTextAsync("\"workers\": 4");
        await Expect(Page.Locator(".line.added")).ToContainTextAsync("\"workers\": 1");
        new Uri(Page.Url).Query.ShouldContain("version=3");
        await Page.ReloadAsync();
        await Expect(Page.Locator(".line.removed")).ToContainTextAsync("\"workers\": 4");
        Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Publish_WorkersWithAReason_IsANewVersionAndNodesAreSeenToFollow()
    {
        var version = 1;
        Platform.Nodes = () =>
            [FakeNodes.Report("processor-a", DateTimeOffset.UtcNow, version: Volatile.Read(ref version))];
        await OpenPublishAsync();
        await Page.GetByLabel("Workers of each processor node").FillAsync("4");
        await Page.GetByLabel("Reason").FillAsync("Four for the evening");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Publish on top of version 1" }).ClickAsync();

        await Expect(Page.GetByText("Version 2 is published.")).ToBeVisibleAsync();
        Platform.Current.Configuration.Processor.Workers.ShouldBe(4);
        Platform.Current.Reason.ShouldBe("Four for the evening");
        await Expect(Page.Locator("[data-measure=applied]")).ToHaveTextAsync("0 of 1 node run it.");

        Volatile.Write(ref version, 2);
        await Expect(Page.Locator("[data-measure=applied]")).ToHaveTextAsync("1 of 1 node run it.");
        Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Publish_RefusedDocument_ListsEveryErrorAndKeepsTheText()
    {
        await OpenPublishAsync();
        await Page.GetByLabel("Workers of each processor node").FillAsync("600");
        await Page.GetByLabel("Reason").FillAsync("Too many");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Publish on top of version 1" }).ClickAsync();

        var note = Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "VX-2001" });
        await Expect(note.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(2);
        await Expect(note).ToContainTextAsync("$.processor.workers");
        (await Page.GetByLabel("Document").InputValueAsync()).ShouldContain("\"workers\": 600");
        Platform.Current.Number.ShouldBe(1);
        Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Publish_WithoutReasonOrWithoutJson_SaysSoAtTheField()
    {
        await OpenPublishAsync();
        await Page.GetByLabel("Document").FillAsync("{ \"processor\": }");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Publish on top of version 1" }).ClickAsync();

        await Expect(Page.Locator("#reason-mistake")).ToContainTextAsync("Say why");
        await Expect(Page.Locator("#document-mistake")).ToContainTextAsync("Line 1");
        Platform.Current.Number.ShouldBe(1);
        Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Publish_SomebodyWasFaster_ShowsTheirsAndLetsOneChoose()
    {
        await OpenPublishAsync();
        Platform.Publish(Workers(9), "Nine are better", "grace");
        await Page.GetByLabel("Workers of each processor node").FillAsync("4");
        await Page.GetByLabel("Reason").FillAsync("Four are enough");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Publish on top of version 1" }).ClickAsync();

        await Expect(Page.GetByText("grace published version 2 meanwhile")).ToBeVisibleAsync();
        await Expect(Page.GetByText("Nine are better")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Keep my text" }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Publish on top of version 2" }).ClickAsync();

        await Expect(Page.GetByText("Version 3 is published.")).ToBeVisibleAsync();
        Platform.Current.Configuration.Processor.Workers.ShouldBe(4);
        Errors.ShouldBeEmpty();
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
        await Page.GotoAsync("/workflows");
        await InteractiveAsync();
        await Expect(Page.Locator("tbody tr")).ToHaveCountAsync(25);
        await Expect(Page.Locator("[data-state=Hunting]")).ToHaveTextAsync("Hunting 30");

        await Page.Locator("[data-state=Hunting]").ClickAsync();
        await Expect(Page.Locator("tbody tr").First).ToContainTextAsync("hunt-059");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Older" }).ClickAsync();

        await Expect(Page.Locator("tbody tr")).ToHaveCountAsync(5);
        await Expect(Page.Locator("tbody tr").First).ToContainTextAsync("hunt-009");
        new Uri(Page.Url).Query.ShouldContain("state=Hunting");
        await Page.GoBackAsync();
        await Expect(Page.Locator("tbody tr").First).ToContainTextAsync("hunt-059");
        Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Workflows_OneHunt_ShowsItsTimelineAndFollowsIt()
    {
        Platform.Hunts = [FakeHunt.Number(7, "Hunting")];
        await Page.GotoAsync("/workflows");
        await InteractiveAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "hunt-007" }).ClickAsync();
        await Expect(Page.Locator(".timeline li")).ToHaveCountAsync(3);

        Platform.Hunts = [FakeHunt.Number(7, "Completed")];

        await Expect(Page.Locator(".timeline li")).ToHaveCountAsync(7);
        await Expect(Page.Locator(".timeline li").Last).ToContainTextAsync("Treasure claimed by grace");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Completed");
        Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Look_Switched_IsRememberedByTheBrowser()
    {
        await Page.GetByRole(AriaRole.Button, new() { Name = "Use the dark look" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Use the light look" })).ToBeVisibleAsync();
        await Testing.Eventually.HoldsAsync(
            async () =>
                (await Context.CookiesAsync()).Any(cookie =>
                    cookie is { Name: "veltrix-theme", Value: "standard-dark" }
                ),
            cancellation: TestContext.Current.CancellationToken
        );

        await Page.ReloadAsync();

        await Expect(Page.Locator("#radzen-theme-link[href*=standard-dark]")).ToHaveCountAsync(1);
        Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task SignOut_InOneTab_LocksTheOthers()
    {
        var other = await OpenAsync();
        await other.GotoAsync("/workflows");
        await Expect(other.Locator("[data-interactive=true]")).ToBeVisibleAsync();

        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();

        await Expect(Page.GetByLabel("Operator key")).ToBeVisibleAsync();
        await Expect(other.GetByText("Your session has ended.")).ToBeVisibleAsync();
        Errors.ShouldBeEmpty();
    }

    private async Task OpenPublishAsync()
    {
        await Page.GotoAsync("/configuration/publish");
        await Expect(Page.GetByLabel("Reason")).ToBeVisibleAsync();
    }

    private static NodeReport Report(string node, double eventsPerSecond) =>
        FakeNodes.Report(node, DateTimeOffset.UtcNow, eventsPerSecond);

    private static PlatformConfiguration Workers(int workers) =>
        PlatformConfiguration.Default with
        {
            Processor = new ProcessorConfiguration(workers),
        };
}
