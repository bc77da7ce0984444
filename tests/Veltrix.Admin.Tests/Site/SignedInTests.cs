using System.Collections.Concurrent;
using Microsoft.Playwright;
using Veltrix.Admin.Tests.Fakes;
using static Microsoft.Playwright.Assertions;

namespace Veltrix.Admin.Tests.Site;

/// <summary>A signed-in browser in front of the site and a fake platform. Every test also fails on an error in the browser's console.</summary>
public abstract class SignedInTests(Browser browser) : IAsyncLifetime
{
    private const float LimitMilliseconds = 20_000;
    private AdminSite _site = null!;

    /// <summary>Errors in the browser's console, and requests that left the site.</summary>
    protected ConcurrentQueue<string> Errors { get; } = new();

    protected IBrowserContext Context { get; private set; } = null!;

    protected IPage Page { get; private set; } = null!;

    internal FakePlatform Platform => _site.Platform;

    public async ValueTask InitializeAsync()
    {
        SetDefaultExpectTimeout(LimitMilliseconds);
        _site = await AdminSite.StartAsync();
        Context = await browser.ContextAsync(_site.Address);
        Page = await OpenAsync();
        await SignInAsync(Page, FakePlatform.OperatorKey);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Context.DisposeAsync();
        await _site.DisposeAsync();
    }

    protected async Task<IPage> OpenAsync()
    {
        var page = await Context.NewPageAsync();
        page.SetDefaultTimeout(LimitMilliseconds);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                Errors.Enqueue(message.Text);
        };
        page.PageError += (_, error) => Errors.Enqueue(error);
        page.Request += (_, request) =>
        {
            if (
                new Uri(request.Url) is { Scheme: "http" or "https" } address
                && address.Authority != _site.Address.Authority
            )
                Errors.Enqueue($"A request left the site: {request.Url}");
        };
        return page;
    }

    /// <summary>Another person at another browser.</summary>
    protected Task<IBrowserContext> OtherBrowserAsync() => browser.ContextAsync(_site.Address);

    protected static async Task SignInAsync(IPage page, string key)
    {
        await page.GotoAsync("/");
        await page.GetByLabel("Operator key").FillAsync(key);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await InteractiveAsync(page);
    }

    protected Task InteractiveAsync() => InteractiveAsync(Page);

    protected static Task InteractiveAsync(IPage page) =>
        Expect(page.Locator("[data-interactive=true]")).ToBeVisibleAsync();
}
