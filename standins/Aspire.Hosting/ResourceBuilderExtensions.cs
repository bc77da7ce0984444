using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static class ResourceBuilderExtensions
{
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string? value)
        where T : IResourceWithEnvironment =>
        builder.WithEnvironment(context => context.EnvironmentVariables[name] = value ?? string.Empty);

    public static IResourceBuilder<T> WithEnvironment<T>(
        this IResourceBuilder<T> builder,
        string name,
        IResourceBuilder<ParameterResource> parameter
    )
        where T : IResourceWithEnvironment =>
        builder.WithEnvironment(context => context.EnvironmentVariables[name] = parameter.Resource);

    public static IResourceBuilder<T> WithEnvironment<T>(
        this IResourceBuilder<T> builder,
        Action<EnvironmentCallbackContext> callback
    )
        where T : IResourceWithEnvironment =>
        builder.WithAnnotation(
            new EnvironmentCallbackAnnotation(context =>
            {
                callback(context);
                return Task.CompletedTask;
            })
        );

    public static IResourceBuilder<T> WithArgs<T>(
        this IResourceBuilder<T> builder,
        Action<CommandLineArgsCallbackContext> callback
    )
        where T : IResourceWithArgs =>
        builder.WithAnnotation(
            new CommandLineArgsCallbackAnnotation(context =>
            {
                callback(context);
                return Task.CompletedTask;
            })
        );

    /// <exception cref="DistributedApplicationException">The resource has an endpoint of that name already.</exception>
    public static IResourceBuilder<T> WithEndpoint<T>(
        this IResourceBuilder<T> builder,
        int? port = null,
        int? targetPort = null,
        string? scheme = null,
        string? name = null,
        string? env = null,
        bool? isProxied = null,
        bool? isExternal = null,
        ProtocolType? protocol = null
    )
        where T : IResourceWithEndpoints
    {
        var endpoint = new EndpointAnnotation(
            protocol ?? ProtocolType.Tcp,
            scheme,
            transport: null,
            name,
            port,
            targetPort,
            isExternal,
            isProxied
        );
        if (builder.Resource.GetEndpoint(endpoint.Name).Exists)
            throw new DistributedApplicationException(
                $"Endpoint with name '{endpoint.Name}' already exists. Endpoint name may not have been explicitly specified and was derived automatically from scheme argument (e.g. 'http', 'https', or 'tcp'). Multiple calls to WithEndpoint (and related methods) may result in a conflict if name argument is not specified. Each endpoint must have a unique name. For more information on networking in Aspire see: https://aka.ms/dotnet/aspire/networking"
            );
        if (env is not null && builder is IResourceBuilder<IResourceWithEnvironment> withEnvironment)
            withEnvironment.WithEnvironment(context =>
                context.EnvironmentVariables[env] = builder
                    .Resource.GetEndpoint(endpoint.Name)
                    .Property(EndpointProperty.TargetPort)
            );
        return builder.WithAnnotation(endpoint);
    }

    public static IResourceBuilder<T> WithEndpoint<T>(
        this IResourceBuilder<T> builder,
        string endpointName,
        Action<EndpointAnnotation> callback,
        bool createIfNotExists = true
    )
        where T : IResourceWithEndpoints
    {
        var reference = builder.Resource.GetEndpoint(endpointName);
        if (reference.Exists)
        {
            callback(reference.EndpointAnnotation);
        }
        else if (createIfNotExists)
        {
            var endpoint = new EndpointAnnotation(ProtocolType.Tcp, name: endpointName);
            callback(endpoint);
            builder.WithAnnotation(endpoint);
        }
        return builder;
    }

    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEndpoints
    {
        foreach (var endpoint in builder.Resource.Annotations.OfType<EndpointAnnotation>())
            if (endpoint.UriScheme is "http" or "https")
                endpoint.IsExternal = true;
        return builder;
    }

    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name)
        where T : IResourceWithEndpoints => builder.Resource.GetEndpoint(name);

    public static IResourceBuilder<T> WaitFor<T>(
        this IResourceBuilder<T> builder,
        IResourceBuilder<IResource> dependency
    )
        where T : IResourceWithWaitSupport
    {
        if (ReferenceEquals(builder.Resource, dependency.Resource))
            throw new DistributedApplicationException(
                $"The '{builder.Resource.Name}' resource cannot wait for itself."
            );
        return builder.WithAnnotation(new WaitAnnotation(dependency.Resource, WaitType.WaitUntilHealthy));
    }

    public static IResourceBuilder<T> WithHealthCheck<T>(this IResourceBuilder<T> builder, string key)
        where T : IResource => builder.WithAnnotation(new HealthCheckAnnotation(key));

    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder,
        string? path = null,
        int? statusCode = null,
        string? endpointName = null
    )
        where T : IResourceWithEndpoints
    {
        var resource = builder.Resource;
        var https = resource.GetEndpoint("https");
        var endpoint =
            endpointName is not null ? resource.GetEndpoint(endpointName)
            : https.Exists ? https
            : resource.GetEndpoint("http");
        var (expectedPath, expectedStatus) = (path ?? "/", statusCode ?? 200);
        var key = $"{resource.Name}_{endpoint.EndpointName}_{expectedPath}_{expectedStatus}_check";
        return builder.WithAnnotation<HealthCheckAnnotation>(
            new HttpHealthCheckAnnotation(key, endpoint, expectedPath, expectedStatus)
        );
    }

    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithConnectionString> source,
        string? connectionName = null,
        bool optional = false
    )
        where TDestination : IResourceWithEnvironment =>
        builder.WithEnvironment(context =>
        {
            var resource = source.Resource;
            var name = connectionName ?? resource.Name;
            var variable = resource.ConnectionStringEnvironmentVariable ?? $"ConnectionStrings__{name}";
            context.EnvironmentVariables[variable] = new ConnectionStringReference(resource, optional);
            var prefix = name.Length == 0 ? "" : $"{EnvironmentName.Of(name)}_";
            foreach (var (property, value) in resource.GetConnectionProperties())
                context.EnvironmentVariables[$"{prefix}{property.ToUpperInvariant()}"] = value;
        });

    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithServiceDiscovery> source
    )
        where TDestination : IResourceWithEnvironment
    {
        builder.ReferenceTo(source.Resource).UseAllEndpoints = true;
        return builder;
    }

    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        EndpointReference endpointReference
    )
        where TDestination : IResourceWithEnvironment
    {
        builder.ReferenceTo(endpointReference.Resource).EndpointNames.Add(endpointReference.EndpointName);
        return builder;
    }

    private static EndpointReferenceAnnotation ReferenceTo<T>(
        this IResourceBuilder<T> builder,
        IResourceWithEndpoints source
    )
        where T : IResourceWithEnvironment
    {
        var existing = builder
            .Resource.Annotations.OfType<EndpointReferenceAnnotation>()
            .SingleOrDefault(annotation => ReferenceEquals(annotation.Resource, source));
        if (existing is not null)
            return existing;
        var reference = new EndpointReferenceAnnotation(source);
        builder.WithAnnotation(reference);
        builder.WithEnvironment(context => AddEndpoints(context.EnvironmentVariables, reference));
        return reference;
    }

    private static void AddEndpoints(Dictionary<string, object> variables, EndpointReferenceAnnotation reference)
    {
        var service = reference.Resource.Name;
        var indexes = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var endpoint in reference.Resource.GetEndpoints())
        {
            if (!reference.UseAllEndpoints && !reference.EndpointNames.Contains(endpoint.EndpointName))
                continue;
            variables[$"{EnvironmentName.Of(service)}_{EnvironmentName.Of(endpoint.EndpointName)}"] = endpoint;
            var key = endpoint.EndpointName is "http" or "https" ? endpoint.Scheme : endpoint.EndpointName;
            var index = indexes[key] = indexes.GetValueOrDefault(key, -1) + 1;
            variables[$"services__{service}__{key}__{index}"] = endpoint;
        }
    }
}
