using Microsoft.AspNetCore.Components;

namespace Veltrix.Admin.Components.Pages;

/// <summary>Every address that no other page has.</summary>
public sealed partial class NotFound
{
    /// <summary>The rest of the address.</summary>
    [Parameter]
    public string? Path { get; set; }

    [CascadingParameter]
    private HttpContext? Context { get; set; }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        // Set while the page is drawn, the status would make the framework drop the page.
        if (Context is { Response: { HasStarted: false } response })
            response.OnStarting(() =>
            {
                response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            });
    }
}
