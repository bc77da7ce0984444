using Microsoft.Playwright;
using Veltrix.Admin.Tests.Fakes;
using static Microsoft.Playwright.Assertions;

namespace Veltrix.Admin.Tests.Site;

/// <summary>Who acts is whoever signed in, and nobody else.</summary>
public sealed class NamedOperatorTests(Browser browser) : SignedInTests(browser), IClassFixture<Browser>
{
    [Fact]
    public async Task Approve_WithFourEyes_TakesAnotherPersonThanTheAuthor()
    {
        Platform.Steering.Policy = Platform.Steering.Policy with { FourEyes = true };
        await using var adas = await OtherBrowserAsync();
        await using var graces = await OtherBrowserAsync();
        var ada = await adas.NewPageAsync();
        var grace = await graces.NewPageAsync();
        await SignInAsync(ada, FakePlatform.KeyOf("ada"));
        await SignInAsync(grace, FakePlatform.KeyOf("grace"));
        await ada.GotoAsync("/configuration/publish?as=patch");
        await InteractiveAsync(ada);
        await ada.GetByLabel("Merge patch").FillAsync("""{ "processor": { "workers": 4 } }""");
        await ada.GetByLabel("Reason").FillAsync("Four for the evening");
        await Button(ada, "Propose").ClickAsync();
        await Expect(Heading(ada, "Proposal 1 Open")).ToBeVisibleAsync();

        await Button(ada, "Approve").ClickAsync();
        await Expect(ada.GetByText("VX-2023")).ToBeVisibleAsync();
        await grace.GotoAsync("/proposals/1");
        await InteractiveAsync(grace);
        await Button(grace, "Approve").ClickAsync();

        await Expect(Heading(grace, "Proposal 1 Approved")).ToBeVisibleAsync();
        Platform.Steering.Actors.ShouldBe(["ada", "grace"]);
        await Expect(grace.GetByText("grace").First).ToBeVisibleAsync();
    }

    // The page is still open, and its session over: nothing is done in anybody's name.
    [Fact]
    public async Task Act_AfterSigningOutInAnotherTab_IsNotDone()
    {
        Platform.Steering.Propose(Platform.Current.Configuration, "Nothing new");
        await Page.GotoAsync("/proposals/1");
        await InteractiveAsync();
        var other = await OpenAsync();
        await other.GotoAsync("/workflows");
        await InteractiveAsync(other);
        await Button(other, "Sign out").ClickAsync();
        await Expect(other.GetByLabel("Operator key")).ToBeVisibleAsync();

        await Button(Page, "Approve").ClickAsync();

        await Expect(Page.GetByText("VX-9001").Or(Page.GetByLabel("Operator key")).First).ToBeVisibleAsync();
        Platform.Steering.Acts.ShouldBeEmpty();
    }

    private static ILocator Button(IPage page, string name) =>
        page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    private static ILocator Heading(IPage page, string name) =>
        page.GetByRole(
            AriaRole.Heading,
            new()
            {
                Level = 1,
                Name = name,
                Exact = true,
            }
        );
}
