using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static class ProjectResourceBuilderExtensions
{
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder,
        string name
    )
        where TProject : IProjectMetadata, new()
    {
        var metadata = new TProject();
        var project = builder.AddResource(new ProjectResource(name)).WithAnnotation(metadata);
        project.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory");
        var profile = LaunchProfile.Find(builder.Configuration, metadata);
        return builder.ExecutionContext.IsPublishMode ? project.ForPublishing(profile) : project.ForRunning(profile);
    }

    public static IResourceBuilder<ProjectResource> WithReplicas(
        this IResourceBuilder<ProjectResource> builder,
        int replicas
    ) => builder.WithAnnotation(new ReplicaAnnotation(replicas), ResourceAnnotationMutationBehavior.Replace);

    private static IResourceBuilder<ProjectResource> ForRunning(
        this IResourceBuilder<ProjectResource> project,
        LaunchProfile? profile
    )
    {
        if (profile is null)
            return project;
        foreach (var url in profile.ApplicationUrls)
            project.WithEndpoint(
                url.Scheme,
                endpoint =>
                {
                    endpoint.UriScheme = url.Scheme;
                    endpoint.Port = url.Port;
                    endpoint.TargetHost = url.Host;
                }
            );
        return project.WithEnvironment(context =>
        {
            context.EnvironmentVariables.TryAdd("DOTNET_LAUNCH_PROFILE", profile.Name);
            foreach (var (name, value) in profile.EnvironmentVariables ?? new Dictionary<string, string>())
                context.EnvironmentVariables.TryAdd(name, Environment.ExpandEnvironmentVariables(value));
        });
    }

    /// <summary>
    /// Ports of a launch profile are for development. A deployed web project gets an http and an https endpoint, whose
    /// ports the deployment tool chooses; it listens to http only, since its container has no certificate.
    /// </summary>
    private static IResourceBuilder<ProjectResource> ForPublishing(
        this IResourceBuilder<ProjectResource> project,
        LaunchProfile? profile
    )
    {
        if (profile?.ApplicationUrl is not null)
            foreach (var scheme in (string[])["http", "https"])
                project.WithEndpoint(scheme, endpoint => endpoint.UriScheme = scheme);
        return project.WithEnvironment(context =>
        {
            var endpoints = project.Resource.GetEndpoints().ToList();
            if (endpoints.Count > 0)
                context.EnvironmentVariables["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true";
            if (endpoints.Find(endpoint => endpoint.IsHttp) is { } http)
                context.EnvironmentVariables["HTTP_PORTS"] = ReferenceExpression.Create(
                    $"{http.Property(EndpointProperty.TargetPort)}"
                );
        });
    }
}
