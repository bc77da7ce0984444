using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Veltrix.Testing;

/// <summary>One endpoint of a running service, as a request names it.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Pattern">The route, with its parameters.</param>
public sealed partial record EndpointAddress(string Method, string Pattern)
{
    /// <summary>What every service answers without a key.</summary>
    public static readonly IReadOnlySet<string> Open = new HashSet<string>(StringComparer.Ordinal)
    {
        "/health",
        "/alive",
        "/metrics",
    };

    /// <summary>The route with 1 for each parameter.</summary>
    public string Address => Parameter().Replace(Pattern, "1");

    /// <summary>All endpoints but those that are open: none is forgotten, also not one that is new.</summary>
    public static IReadOnlyList<EndpointAddress> Guarded(IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return
        [
            .. services
                .GetRequiredService<EndpointDataSource>()
                .Endpoints.OfType<RouteEndpoint>()
                .SelectMany(endpoint =>
                    (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(
                        method => new EndpointAddress(method, $"/{endpoint.RoutePattern.RawText!.Trim('/')}")
                    )
                )
                .Where(endpoint => !Open.Contains(endpoint.Pattern)),
        ];
    }

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Parameter();
}
