using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Veltrix.ServiceDefaults.Security;

/// <summary>Bearer keys: <c>Keys:Ingest</c>, <c>Keys:Operator</c>, <c>Keys:Node</c> of the configuration, and any number of named operators, <c>Keys:Operators:NAME</c>.</summary>
public static class KeyExtensions
{
    internal const string Scheme = "Key";

    /// <summary>Adds authentication by key and one authorization policy per role. An operator may do what ingest and nodes may.</summary>
    public static void AddKeys(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IKeyring, ConfiguredKeyring>();
        builder
            .Services.AddAuthentication(Scheme)
            .AddScheme<AuthenticationSchemeOptions, KeyAuthenticationHandler>(Scheme, null);
        builder
            .Services.AddAuthorizationBuilder()
            .AddPolicy(
                Roles.Ingest,
                policy => policy.AddAuthenticationSchemes(Scheme).RequireRole(Roles.Ingest, Roles.Operator)
            )
            .AddPolicy(
                Roles.Node,
                policy => policy.AddAuthenticationSchemes(Scheme).RequireRole(Roles.Node, Roles.Operator)
            )
            .AddPolicy(Roles.Operator, policy => policy.AddAuthenticationSchemes(Scheme).RequireRole(Roles.Operator));
    }
}
