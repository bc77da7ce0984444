using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;
using Radzen;

namespace Veltrix.Admin.Components.Layout;

/// <summary>Header, navigation and the place for a page.</summary>
public sealed partial class MainLayout : IAsyncDisposable
{
    private ErrorBoundary? _boundary;
    private IJSObjectReference? _script;

    [Inject]
    private IWebHostEnvironment Environment { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private ThemeService Themes { get; set; } = null!;

    [Inject]
    private IJSRuntime Browser { get; set; } = null!;

    // With a base element, a bare "#content" would lead to the overview.
    private string SkipTarget => $"{new Uri(Navigation.Uri).PathAndQuery}#content";

    private bool IsDark => Themes.Theme == Appearance.Dark;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_script is not null)
                await _script.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The browser has gone, and the script with it.
        }
    }

    /// <inheritdoc/>
    protected override void OnParametersSet() => _boundary?.Recover();

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
            _script = await Browser.InvokeAsync<IJSObjectReference>("import", "/theme.js");
    }

    private async Task ToggleAsync()
    {
        Themes.SetTheme(IsDark ? Appearance.Light : Appearance.Dark);
        if (_script is not null)
            await _script.InvokeVoidAsync("remember", Appearance.CookieName, Themes.Theme);
    }
}
