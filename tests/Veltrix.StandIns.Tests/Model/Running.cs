using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Veltrix.StandIns.Tests.Model;

/// <summary>Builders in run mode whose application is never started.</summary>
internal static class Running
{
    public static IDistributedApplicationBuilder CreateBuilder(params (string Key, string Value)[] configuration)
    {
        var builder = DistributedApplication.CreateBuilder([]);
        builder.Configuration.AddInMemoryCollection(
            configuration.Select(entry => KeyValuePair.Create<string, string?>(entry.Key, entry.Value))
        );
        return builder;
    }

    /// <summary>Does what the orchestrator does once it has a port for an endpoint.</summary>
    public static void Allocate(this IResourceBuilder<IResourceWithEndpoints> builder, string endpoint, int port)
    {
        var annotation = builder.Resource.GetEndpoint(endpoint).EndpointAnnotation;
        annotation.AllocatedEndpoint = new AllocatedEndpoint(annotation, "localhost", port);
    }
}
