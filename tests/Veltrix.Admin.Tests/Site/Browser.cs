using Microsoft.Playwright;
using Veltrix.Testing;

namespace Veltrix.Admin.Tests.Site;

/// <summary>One <see cref="Chromium"/> for all tests.</summary>
public sealed class Browser : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>A window of its own, without cookies.</summary>
    public Task<IBrowserContext> ContextAsync(Uri address) =>
        _browser!.NewContextAsync(
            new()
            {
                BaseURL = address.ToString(),
                ViewportSize = new() { Width = 1_440, Height = 900 },
            }
        );

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var chromium = await Chromium.FindAsync(TestContext.Current.CancellationToken);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new()
            {
                ExecutablePath = chromium.Path,
                Args = Chromium.Arguments,
                Env = chromium.Environment,
            }
        );
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
