using System.Globalization;
using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>What to start for one replica of a project: its command, its own ports, its environment.</summary>
internal sealed class ProjectReplicaCommand(
    ProjectResource project,
    IDistributedApplicationBuilder builder,
    bool usesColour
)
{
    private const int InstanceIdLetters = 8;

    /// <summary>Tells replicas apart, as Aspire does: eight lower-case letters.</summary>
    public static string NewInstanceId() =>
        new(RandomNumberGenerator.GetItems<char>("abcdefghijklmnopqrstuvwxyz", InstanceIdLetters));

    /// <returns>The command, and the port of each endpoint; a new port at each start, since an old one may be taken by now.</returns>
    public async Task<(ProcessSpecification Specification, IReadOnlyDictionary<string, int> Ports)> PrepareAsync(
        string instanceId,
        CancellationToken cancellation
    )
    {
        var endpoints = project.Annotations.OfType<EndpointAnnotation>().ToList();
        var ports = endpoints.ToDictionary(
            endpoint => endpoint.Name,
            _ => Ports.Free(),
            StringComparer.OrdinalIgnoreCase
        );
        var environment = new Dictionary<string, string?>(ProjectCommand.NotInherited);
        foreach (var (name, value) in await project.ResolveEnvironmentAsync(builder.ExecutionContext, cancellation))
            environment[name] = value;
        environment["ASPNETCORE_URLS"] = string.Join(
            ';',
            endpoints.Select(endpoint =>
                string.Create(CultureInfo.InvariantCulture, $"{endpoint.UriScheme}://127.0.0.1:{ports[endpoint.Name]}")
            )
        );
        environment.TryAdd("OTEL_SERVICE_NAME", project.Name);
        environment.TryAdd("OTEL_RESOURCE_ATTRIBUTES", $"service.instance.id={instanceId}");
        environment.TryAdd("LOGGING__CONSOLE__FORMATTERNAME", "simple");
        if (usesColour)
            environment.TryAdd("DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION", "true");

        var path = project.GetProjectMetadata().ProjectPath;
        var command = ProjectCommand.For(path, AppHostFacts.TargetPath(builder.AppHostAssembly, path));
        var arguments = await project.ResolveArgumentsAsync(builder.ExecutionContext, cancellation);
        return (command with { Arguments = [.. command.Arguments, .. arguments], Environment = environment }, ports);
    }
}
