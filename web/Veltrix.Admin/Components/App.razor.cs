using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using Veltrix.Admin.Components.Layout;

namespace Veltrix.Admin.Components;

/// <summary>The document around every page.</summary>
public sealed partial class App
{
    [CascadingParameter]
    private HttpContext Context { get; set; } = null!;

    /// <summary>The sign-in page writes a cookie, so it is an ordinary request; every other page is interactive.</summary>
    private IComponentRenderMode? Mode => Context.AcceptsInteractiveRouting() ? RenderMode.InteractiveServer : null;

    private string Theme => Appearance.FromCookie(Context.Request.Cookies[Appearance.CookieName]);
}
