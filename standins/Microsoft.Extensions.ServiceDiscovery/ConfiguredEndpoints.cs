using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Extensions.ServiceDiscovery.Http;

/// <summary>
/// Resolves <c>http://name</c>, <c>https+http://name</c> and <c>http://_endpoint.name</c> from
/// <c>services:name:scheme-or-endpoint:index</c>; a name that is not configured passes through.
/// </summary>
internal sealed class ConfiguredEndpoints(IConfiguration configuration)
{
    private readonly ConcurrentDictionary<string, Turn> _turns = new(StringComparer.OrdinalIgnoreCase);

    public Uri Resolve(Uri address)
    {
        var schemes = address.Scheme.Split('+');
        var (service, endpoint) = SplitHost(address.Host);
        var section = configuration.GetSection($"services:{service}");
        string[] candidates = endpoint is null ? ["default", .. schemes] : [endpoint];
        var addresses = candidates
            .Select(name => Addresses(section.GetSection(name)))
            .FirstOrDefault(found => found.Count > 0);

        if (addresses is null)
            return schemes.Length > 1 ? new UriBuilder(address) { Scheme = schemes[0] }.Uri : address;

        var turn = _turns.GetOrAdd(service, _ => new Turn());
        var chosen = addresses[(int)(turn.Next() % (uint)addresses.Count)];
        return Merge(address, chosen, schemes[0]);
    }

    private static (string Service, string? Endpoint) SplitHost(string host)
    {
        // "_dashboard.config" names the endpoint "dashboard" of "config".
        if (!host.StartsWith('_') || host.IndexOf('.') is var dot && dot < 2)
            return (host, null);
        return (host[(dot + 1)..], host[1..dot]);
    }

    private static List<string> Addresses(IConfigurationSection section) =>
        section.Value is { Length: > 0 } single
            ? [single]
            :
            [
                .. section
                    .GetChildren()
                    .Select(child => child.Value)
                    .OfType<string>()
                    .Where(value => !string.IsNullOrWhiteSpace(value)),
            ];

    /// <summary><paramref name="endpoint"/> is an address with a scheme, or host and port, or a host.</summary>
    private static Uri Merge(Uri address, string endpoint, string scheme)
    {
        var target = new Uri(endpoint.Contains("://", StringComparison.Ordinal) ? endpoint : $"{scheme}://{endpoint}");
        var path = target.AbsolutePath.TrimEnd('/') + address.AbsolutePath;
        return new UriBuilder(target.Scheme, target.Host, target.Port, path, address.Query).Uri;
    }

    private sealed class Turn
    {
        private uint _next;

        public uint Next() => Interlocked.Increment(ref _next) - 1;
    }
}
