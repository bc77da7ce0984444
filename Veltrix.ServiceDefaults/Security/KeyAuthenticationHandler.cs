using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Veltrix.Events;
using Veltrix.ServiceDefaults.Problems;

namespace Veltrix.ServiceDefaults.Security;

internal sealed class KeyAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    IKeyring keyring
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    private const string Prefix = "Bearer ";

    /// <summary>RFC 6750, section 3: the scheme alone when no key came, <c>invalid_token</c> when it is not known.</summary>
    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var attempt = await HandleAuthenticateOnceSafeAsync();
        Response.Headers.WWWAuthenticate = attempt.None ? "Bearer" : "Bearer error=\"invalid_token\"";
        await ErrorCatalogue.Unauthenticated.ToProblem().ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        // Policies bear the names of roles; see Roles.
        var needed = Context
            .GetEndpoint()
            ?.Metadata.GetOrderedMetadata<IAuthorizeData>()
            .Select(data => data.Policy)
            .OfType<string>()
            .Distinct(StringComparer.Ordinal);
        var detail =
            $"This needs the role {string.Join(" and ", needed ?? [])}; the key has the role {Context.User.FindFirstValue(ClaimTypes.Role)}.";
        return ErrorCatalogue.Forbidden.ToProblem(detail).ExecuteAsync(Context);
    }

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            return Task.FromResult(AuthenticateResult.NoResult());
        if (keyring.Find(header[Prefix.Length..].Trim()) is not { } caller)
            return Task.FromResult(AuthenticateResult.Fail("The key is not known."));
        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.Name, caller.Name), new Claim(ClaimTypes.Role, caller.Role)],
            Scheme.Name
        );
        return Task.FromResult(
            AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name))
        );
    }
}
