using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Veltrix.ServiceDefaults.Security;

namespace Veltrix.Admin.Security;

/// <summary>Turns an operator key into a session.</summary>
internal sealed partial class SignIn(IKeyring keyring, Sessions sessions, ILogger<SignIn> logger)
{
    /// <summary>Signs the browser in when <paramref name="key"/> is an operator's.</summary>
    /// <returns>Why not, in a sentence; null when signed in.</returns>
    public async Task<string?> TryAsync(HttpContext context, string? key)
    {
        if (string.IsNullOrWhiteSpace(key))
            return "Enter your operator key.";
        key = key.Trim();
        var caller = keyring.Find(key);
        if (caller?.Role != Roles.Operator)
        {
            Log.Refused(logger, context.Connection.RemoteIpAddress?.ToString(), caller?.Role ?? "unknown");
            return caller is null
                ? "This key is not known. Copy the whole operator key, without spaces."
                : $"This is the {caller.Role} key. The admin site needs an operator key.";
        }
        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.Name, caller.Name), new Claim(ClaimTypes.Role, caller.Role), sessions.Begin(key)],
            CookieAuthenticationDefaults.AuthenticationScheme
        );
        await context.SignInAsync(new ClaimsPrincipal(identity));
        Log.SignedIn(logger, caller.Name, context.Connection.RemoteIpAddress?.ToString());
        return null;
    }

    /// <summary>Only addresses of this site are returned to, never <c>//elsewhere</c>.</summary>
    public static string LocalPath(string? address) =>
        address is ['/', ..] and not ['/', '/' or '\\', ..] && !address.Any(char.IsControl) ? address : "/";

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Name} signed in from {Address}")]
        public static partial void SignedIn(ILogger logger, string name, string? address);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Sign-in from {Address} refused: the key's role is {Role}")]
        public static partial void Refused(ILogger logger, string? address, string role);
    }
}
