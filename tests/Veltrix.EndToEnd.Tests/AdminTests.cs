using System.Collections.Concurrent;
using Microsoft.Playwright;
using Veltrix.Testing;
using static Microsoft.Playwright.Assertions;

namespace Veltrix.EndToEnd.Tests;

/// <summary>The admin site of the running platform in headless Chromium: real nodes, real versions, real sagas.</summary>
[Collection(RunningPlatformCollection.Name)]
public sealed class AdminTests(RunningPlatform running)
{
    private const float LimitMilliseconds = 30_000;
    private readonly Platform _platform = running.Platform;

    [Fact]
    public async Task Admin_SignedIn_ShowsTheRunningPlatformAndPublishes()
    {
        var source = Workload.NewSource();
        var hunt = $"hunt-{Guid.NewGuid():N}";
        await _platform.AcceptAsync(Workload.Hunt(source, hunt, clues: 2, player: "ada"));
        await _platform.HandledAsync(source, hunt, 4);

        SetDefaultExpectTimeout(LimitMilliseconds);
        var chromium = await Chromium.FindAsync(TestContext.Current.CancellationToken);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(
            new()
            {
                ExecutablePath = chromium.Path,
                Args = Chromium.Arguments,
                Env = chromium.Environment,
            }
        );
        var errors = new ConcurrentQueue<string>();
        var page = await OpenAsync(browser, errors);

        await page.GetByLabel("Operator key").FillAsync(_platform.Key("operator-key"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.Locator("tr[data-node]")).ToHaveCountAsync(4);

        await page.GotoAsync("/configuration/publish");
        await page.GetByLabel("Workers of each processor node").FillAsync("5");
        await page.GetByLabel("Reason").FillAsync("Five for the browser");
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish on top of version" }).ClickAsync();
        await Expect(page.Locator("[data-measure=applied]")).ToHaveTextAsync("4 of 4 nodes run it.");

        await page.GotoAsync($"/workflows/{hunt}");
        await Expect(page.Locator(".timeline li")).ToHaveCountAsync(4);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Completed");
        errors.ShouldBeEmpty();
    }

    private async Task<IPage> OpenAsync(IBrowser browser, ConcurrentQueue<string> errors)
    {
        var context = await browser.NewContextAsync(new() { BaseURL = _platform.Address("admin").ToString() });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(LimitMilliseconds);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                errors.Enqueue(message.Text);
        };
        page.PageError += (_, error) => errors.Enqueue(error);
        await page.GotoAsync("/");
        return page;
    }
}
