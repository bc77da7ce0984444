using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Veltrix.ServiceDefaults.Security;

namespace Veltrix.Admin.Security;

/// <summary>People show the operator key once and get a cookie that ends with the browser, or after eight hours.</summary>
internal static class SignInExtensions
{
    public const string SignInPath = "/sign-in";
    public const string SignOutPath = "/sign-out";
    public const string CookieName = "veltrix-admin";

    public static void AddSignIn(this WebApplicationBuilder builder)
    {
        // Keys of cookies live as long as the process: nothing on disk can be stolen, and a restart asks to sign in again.
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder
            .Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(options =>
            {
                options.Cookie.Name = CookieName;
                options.Cookie.HttpOnly = true;
                options.Cookie.SameSite = SameSiteMode.Strict;
                options.ExpireTimeSpan = Sessions.Limit;
                options.SlidingExpiration = false;
                options.LoginPath = SignInPath;
                options.ReturnUrlParameter = "returnUrl";
                options.Events.OnValidatePrincipal = ValidateAsync;
                options.Events.OnRedirectToLogin = Challenge;
                options.Events.OnRedirectToAccessDenied = Challenge;
            });
        var operators = new AuthorizationPolicyBuilder(CookieAuthenticationDefaults.AuthenticationScheme)
            .RequireRole(Roles.Operator)
            .Build();
        builder.Services.AddAuthorizationBuilder().SetDefaultPolicy(operators).SetFallbackPolicy(operators);
        builder.Services.AddSingleton<Sessions>();
        builder.Services.AddScoped<AuthenticationStateProvider, SessionAuthentication>();
        builder.Services.AddScoped<SignIn>();
    }

    public static void MapSignOut(this WebApplication app) =>
        app.MapPost(
            SignOutPath,
            async (HttpContext context, IAntiforgery antiforgery, Sessions sessions) =>
            {
                if (!await antiforgery.IsRequestValidAsync(context))
                    return Results.BadRequest();
                sessions.End(context.User);
                await context.SignOutAsync();
                return Results.LocalRedirect(SignInPath);
            }
        );

    private static async Task ValidateAsync(CookieValidatePrincipalContext cookie)
    {
        if (
            cookie.Principal is { } user
            && cookie.HttpContext.RequestServices.GetRequiredService<Sessions>().IsOpen(user)
        )
            return;
        cookie.RejectPrincipal();
        await cookie.HttpContext.SignOutAsync();
    }

    /// <summary>People are led to the sign-in page; the script's requests (the hub's) get the bare status.</summary>
    private static Task Challenge(RedirectContext<CookieAuthenticationOptions> redirect)
    {
        if (HttpMethods.IsGet(redirect.Request.Method) && !redirect.Request.Path.StartsWithSegments("/_blazor"))
            redirect.Response.Redirect(redirect.RedirectUri);
        else
            redirect.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }
}
