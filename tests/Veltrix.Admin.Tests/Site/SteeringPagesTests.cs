using Microsoft.Playwright;
using Veltrix.Admin.Tests.Fakes;
using Veltrix.Configuration;
using Veltrix.Configuration.Diagnoses;
using static Microsoft.Playwright.Assertions;

namespace Veltrix.Admin.Tests.Site;

/// <summary>The pages that steer: proposals, rollouts, policy, the way back.</summary>
public sealed class SteeringPagesTests(Browser browser) : SignedInTests(browser), IClassFixture<Browser>
{
    private static readonly Finding Lossy = new(
        "DOC-101",
        Severity.Error,
        "Events are acknowledged before they are safe",
        "$.ingest.producer.acks",
        "leader",
        "500 events lost each time a leader dies.",
        "Nobody is told.",
        [new PatchOperation("add", "/ingest/producer/acks", "all")],
        "docs/doctor/DOC-101.md"
    );

    [Theory]
    [InlineData("/proposals", "Nothing has been proposed yet.")]
    [InlineData("/rollouts", "No rollout has been started yet.")]
    [InlineData("/configuration/policy", "Nothing is pinned.")]
    [InlineData("/proposals/7", "No proposal has this number.")]
    [InlineData("/rollouts/7", "No rollout has this number.")]
    public async Task Page_WithoutAnything_SaysSo(string address, string text)
    {
        await GoAsync(address);

        await Expect(Page.GetByText(text)).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Propose_MergePatch_BecomesAProposalThatIsApprovedAndPublished()
    {
        await GoAsync("/configuration/publish?as=patch");
        await Page.GetByLabel("Merge patch").FillAsync("""{ "processor": { "workers": 4 } }""");
        await Page.GetByLabel("Reason").FillAsync("Four for the evening");
        await Page.GetByLabel("Reason").BlurAsync();
        await Expect(Page.Locator(".line.added")).ToContainTextAsync("\"workers\": 4");
        await Button("Propose").ClickAsync();

        await ExpectHeadingAsync("Proposal 1 Open");
        await Expect(Row("$.processor.workers 2 4 workers")).ToBeVisibleAsync();
        await Expect(Page.GetByText("It found nothing.")).ToBeVisibleAsync();
        await Button("Validate").ClickAsync();
        await Expect(Page.GetByText("Validated;")).ToBeVisibleAsync();
        await Page.GetByLabel("Reason").FillAsync("Looks good");
        await Button("Approve").ClickAsync();
        await ExpectHeadingAsync("Proposal 1 Approved");
        await Button("Publish").ClickAsync();

        await ExpectHeadingAsync("Proposal 1 Published");
        await Expect(Button("Publish")).ToHaveCountAsync(0);
        Platform.Current.Configuration.Processor.Workers.ShouldBe(4);
        Platform.Steering.Acts.ShouldBe(["validate 1", "approve 1 Looks good", "publish 1"]);
        Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Proposal_TheDoctorRefuses_ShowsEvidenceAndFix()
    {
        Platform.Steering.Findings = [Lossy];
        Platform.Steering.Propose(Workers(4), "Faster");
        await GoAsync("/proposals/1");

        var doctor = Page.GetByRole(AriaRole.Region, new() { Name = "What the doctor says" });
        await Expect(doctor).ToContainTextAsync("Error");
        await Expect(doctor).ToContainTextAsync("500 events lost each time a leader dies.");
        await Expect(doctor).ToContainTextAsync("$.ingest.producer.acks = \"leader\"");
        await Expect(doctor).ToContainTextAsync("add /ingest/producer/acks \"all\"");
        Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Proposal_RefusedActOrMissingReason_IsToldAndTheReasonStays()
    {
        Platform.Steering.Policy = Platform.Steering.Policy with { FourEyes = true };
        Platform.Steering.Propose(Workers(4), "Faster");
        await GoAsync("/proposals/1");

        await Button("Withdraw").ClickAsync();
        await Expect(Page.GetByText("Say why")).ToBeVisibleAsync();
        Platform.Steering.Acts.ShouldBeEmpty();
        await Page.GetByLabel("Reason").FillAsync("I like it");
        await Button("Approve").ClickAsync();

        await Expect(Page.GetByText("VX-2023")).ToBeVisibleAsync();
        (await Page.GetByLabel("Reason").InputValueAsync()).ShouldBe("I like it");
        await Button("Withdraw").ClickAsync();
        await ExpectHeadingAsync("Proposal 1 Withdrawn");
        Platform.Steering.Acts.ShouldBe(["approve 1 I like it", "withdraw 1 I like it"]);
        Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Proposals_SomebodyElseProposesAndPublishes_TheListAndTheProposalFollow()
    {
        await GoAsync("/proposals");
        Platform.Steering.Propose(Workers(4), "From elsewhere", "grace");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Proposal 1" }).ClickAsync();
        await ExpectHeadingAsync("Proposal 1 Open");

        Platform.Publish(Workers(3), "In between");

        await Expect(Page.GetByText("Version 2 came in between.")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "Document" }).ClickAsync();
        await Expect(Page.Locator("pre.document")).ToContainTextAsync("\"workers\": 4");
        new Uri(Page.Url).Query.ShouldBe("?view=document");
        Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Rollout_FromTheFormToItsEnd_IsSeenLiveAndPaused()
    {
        Platform.Steering.Propose(Workers(4), "Faster");
        await GoAsync("/proposals/1");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Publish it in a rollout" }).ClickAsync();
        await Page.GetByLabel("Waves").FillAsync("processor:1\n100%");
        await Page.GetByLabel("Reason").FillAsync("Carefully");
        await Button("Start the rollout").ClickAsync();
        await ExpectHeadingAsync("Rollout 1 Observing");
        await Expect(Page.Locator("[data-wave='1']")).ToContainTextAsync("1 more node of processor");

        Platform.Steering.Rollouts = [Platform.Steering.Rollouts[0].Baking("processor-a")];
        await ExpectHeadingAsync("Rollout 1 Baking");
        await Expect(Page.Locator("[data-node='processor-a']")).ToBeVisibleAsync();
        await Button("Abort").ClickAsync();
        await Expect(Page.GetByText("Say why")).ToBeVisibleAsync();
        await Page.GetByLabel("Reason").FillAsync("Lunch");
        await Button("Pause").ClickAsync();
        await ExpectHeadingAsync("Rollout 1 Paused");
        await Expect(Button("Resume")).ToBeVisibleAsync();
        Platform.Steering.Acts.ShouldBe(["pause 1 Lunch"]);

        Platform.Steering.Rollouts = [Platform.Steering.Rollouts[0].RolledBack()];
        await ExpectHeadingAsync("Rollout 1 Rolled back");
        await Expect(Page.Locator("[data-wave='1'] .worse"))
            .ToContainTextAsync("median 120 ms against 24 ms.\u2002p < 0.0001");
        await Expect(Button("Abort")).ToHaveCountAsync(0);
        Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Rollout_WhatIsNoWave_IsSaidAtTheField()
    {
        await GoAsync("/rollouts/new");
        await Page.GetByLabel("Waves").FillAsync("processor:some");
        await Button("Start the rollout").ClickAsync();

        await Expect(Page.Locator("#waves-mistake")).ToContainTextAsync("“processor:some” is no wave");
        await Expect(Page.Locator("#proposal-mistake")).ToBeVisibleAsync();
        await Expect(Page.Locator("#reason-mistake")).ToBeVisibleAsync();
        Platform.Steering.Rollouts.ShouldBeEmpty();
        Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Configuration_AnEarlierVersion_IsRolledBackToOrProposed()
    {
        Platform.Publish(Workers(9), "Nine");
        await GoAsync("/configuration?version=1");
        await Page.GetByText("Return to this version").ClickAsync();
        await Page.GetByLabel("Reason").FillAsync("Nine were too many");
        await Button("Roll back").ClickAsync();

        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Version 3 In force" })).ToBeVisibleAsync();
        Platform.Current.Configuration.Processor.Workers.ShouldBe(2);
        Platform.Steering.Acts.ShouldBe(["roll-back 1 Nine were too many"]);
        await GoAsync("/configuration?version=2");
        await Page.GetByText("Return to this version").ClickAsync();
        await Page.GetByLabel("Reason").FillAsync("Nine, carefully");
        await Button("Propose its document").ClickAsync();
        await ExpectHeadingAsync("Proposal 1 Open");
        await Expect(Row("$.processor.workers 2 9")).ToBeVisibleAsync();
        Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Policy_FreezeFourEyesAndPins_AreSetWithAReason()
    {
        await GoAsync("/configuration/policy");
        var freeze = Page.GetByRole(AriaRole.Region, new() { Name = "Publications" });
        await freeze.GetByLabel("Reason").FillAsync("The fair");
        await freeze.GetByRole(AriaRole.Button, new() { Name = "Freeze" }).ClickAsync();
        await Expect(freeze).ToContainTextAsync("“The fair”");
        var eyes = Page.GetByRole(AriaRole.Region, new() { Name = "Four eyes" });
        await eyes.GetByLabel("Reason").FillAsync("Audit");
        await eyes.GetByRole(AriaRole.Button, new() { Name = "Require four eyes" }).ClickAsync();
        await Expect(eyes).ToContainTextAsync("Only a proposal that another key");
        var pins = Page.GetByRole(AriaRole.Region, new() { Name = "Pins" });
        await pins.GetByLabel("Path").FillAsync("$.processor.workers");
        await pins.GetByLabel("Reason").FillAsync("Measured");
        await pins.GetByRole(AriaRole.Button, new() { Name = "Pin", Exact = true }).ClickAsync();
        await Expect(Row("$.processor.workers Measured operator")).ToBeVisibleAsync();

        await pins.GetByLabel("Reason").FillAsync("Measured anew");
        await pins.GetByRole(AriaRole.Button, new() { Name = "Release" }).ClickAsync();

        await Expect(pins).ToContainTextAsync("Nothing is pinned.");
        await GoAsync("/configuration");
        await Expect(Page.GetByText("Publications are frozen.")).ToBeVisibleAsync();
        Errors.ShouldBeEmpty();
    }

    private async Task GoAsync(string address)
    {
        await Page.GotoAsync(address);
        await InteractiveAsync();
    }

    private Task ExpectHeadingAsync(string name) =>
        Expect(
                Page.GetByRole(
                    AriaRole.Heading,
                    new()
                    {
                        Level = 1,
                        Name = name,
                        Exact = true,
                    }
                )
            )
            .ToBeVisibleAsync();

    private ILocator Row(string name) => Page.GetByRole(AriaRole.Row, new() { Name = name });

    private ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    private static PlatformConfiguration Workers(int workers) =>
        PlatformConfiguration.Default with
        {
            Processor = new ProcessorConfiguration(workers),
        };
}
