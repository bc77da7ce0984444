using Radzen;
using Veltrix.Admin.Security;

namespace Veltrix.Admin.Components;

/// <summary>Blazor: pages drawn on the server, over one WebSocket per browser tab.</summary>
internal static class PagesExtensions
{
    /// <summary>A configuration document is sent as one message when it is published.</summary>
    private const int MaximumMessageBytes = 1024 * 1024;

    public static void AddPages(this WebApplicationBuilder builder)
    {
        // Assets of packages and of obj/ are found without Development, too; a publish folder has them under wwwroot.
        builder.WebHost.UseStaticWebAssets();
        builder.Services.AddRadzenComponents();
        builder.Services.AddCascadingAuthenticationState();
        builder
            .Services.AddRazorComponents()
            .AddInteractiveServerComponents(options =>
            {
                options.DisconnectedCircuitMaxRetained = 20;
                options.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(1);
            })
            .AddHubOptions(options => options.MaximumReceiveMessageSize = MaximumMessageBytes);
    }

    /// <summary>What browsers get on top of the shared defaults: headers, antiforgery, a page when one fails.</summary>
    public static void UseBrowserDefaults(this WebApplication app)
    {
        app.UseSecurityHeaders();
        app.UseWhen(
            context => context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal),
            pages => pages.UseExceptionHandler(handler => handler.Run(SendErrorPageAsync))
        );
        app.UseAntiforgery();
    }

    public static void MapPages(this WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous();
        app.MapRazorComponents<App>()
            .AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
    }

    private static Task SendErrorPageAsync(HttpContext context)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        var site = context.RequestServices.GetRequiredService<IWebHostEnvironment>();
        return context.Response.SendFileAsync(site.WebRootFileProvider.GetFileInfo("error.html"));
    }
}
