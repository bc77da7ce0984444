using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Testing;

public static class DistributedApplicationHostingTestingExtensions
{
    public static HttpClient CreateHttpClient(
        this DistributedApplication app,
        string resourceName,
        string? endpointName = null
    ) => new() { BaseAddress = app.GetEndpoint(resourceName, endpointName) };

    public static ValueTask<string?> GetConnectionStringAsync(
        this DistributedApplication app,
        string resourceName,
        CancellationToken cancellationToken = default
    ) =>
        Find(app, resourceName) is IResourceWithConnectionString resource
            ? resource.GetConnectionStringAsync(cancellationToken)
            : throw new ArgumentException(
                $"Resource '{resourceName}' does not expose a connection string.",
                nameof(resourceName)
            );

    /// <remarks>Without a name: https if the resource has it, else http, as in Aspire.</remarks>
    public static Uri GetEndpoint(this DistributedApplication app, string resourceName, string? endpointName = null)
    {
        if (Find(app, resourceName) is not IResourceWithEndpoints resource)
            throw new ArgumentException($"Resource '{resourceName}' has no endpoints.", nameof(resourceName));
        var endpoints = resource.GetEndpoints().ToList();
        var endpoint = endpointName is not null
            ? endpoints.Find(candidate => Named(candidate, endpointName))
            : endpoints.Find(candidate => Named(candidate, "https"))
                ?? endpoints.Find(candidate => Named(candidate, "http"));
        if (endpoint is null)
            throw new ArgumentException(
                $"Endpoint '{endpointName ?? "http"}' for resource '{resourceName}' not found.",
                nameof(endpointName)
            );
        return new Uri(endpoint.Url);
    }

    private static bool Named(EndpointReference endpoint, string name) =>
        string.Equals(endpoint.EndpointName, name, StringComparison.OrdinalIgnoreCase);

    private static IResource Find(DistributedApplication app, string resourceName)
    {
        var model = app.Services.GetRequiredService<DistributedApplicationModel>();
        return model.Resources.FirstOrDefault(resource =>
                string.Equals(resource.Name, resourceName, StringComparison.OrdinalIgnoreCase)
            ) ?? throw new ArgumentException($"Resource '{resourceName}' not found.", nameof(resourceName));
    }
}
