using System.Collections;
using Microsoft.Playwright;
using Veltrix.Testing;

namespace Veltrix.Admin.Tests.Site;

/// <summary>Headless Chromium: the machine's, else the one of Debian's package, which is fetched once.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Arguments =
    [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];

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
        var chromium = await NativeTools.ChromiumAsync(TestContext.Current.CancellationToken);
        var environment = Environment
            .GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!);
        foreach (var (name, value) in chromium.Environment)
            environment[name] = value;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new()
            {
                ExecutablePath = chromium.Path,
                Args = Arguments,
                Env = environment,
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
