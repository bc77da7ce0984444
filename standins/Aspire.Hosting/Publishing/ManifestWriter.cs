using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Publishing;

/// <summary>
/// Writes the model as genuine Aspire does, to the order of the keys: tools such as aspirate read the result.
/// The format: https://learn.microsoft.com/dotnet/aspire/deployment/manifest-format.
/// </summary>
internal sealed class ManifestWriter(ManifestPublishingContext context)
{
    private readonly PortAllocator _ports = new();
    private ManifestReferences _references = new(new DistributedApplicationModel(new ResourceCollection()));

    public async Task WriteAsync(DistributedApplicationModel model)
    {
        _references = new ManifestReferences(model);
        context.Writer.WriteStartObject();
        context.Writer.WriteStartObject("resources");
        foreach (var resource in model.Resources)
            await WriteResourceAsync(resource);
        foreach (var resource in _references.NotInModel)
            await WriteResourceAsync(resource);
        foreach (var parameter in _references.WithEncodedForms)
            WriteEncodedForms(parameter);
        foreach (var conditional in _references.Conditionals)
            await WriteConditionalAsync(conditional);
        context.Writer.WriteEndObject();
        context.Writer.WriteEndObject();
        await context.Writer.FlushAsync(context.CancellationToken);
    }

    private async Task WriteResourceAsync(IResource resource)
    {
        context.Writer.WriteStartObject(resource.Name);
        switch (resource)
        {
            case ContainerResource container:
                await WriteContainerAsync(container);
                break;
            case ProjectResource project:
                await WriteProjectAsync(project);
                break;
            case ParameterResource parameter:
                WriteParameter(parameter);
                break;
            case IResourceWithConnectionString:
                context.Writer.WriteString("type", "value.v0");
                WriteConnectionString(resource);
                break;
            default:
                context.Writer.WriteString("error", "This resource does not support generation in the manifest.");
                break;
        }
        context.Writer.WriteEndObject();
        if (resource is ParameterResource written)
            WriteEncodedForms(written);
    }

    private async Task WriteContainerAsync(ContainerResource container)
    {
        if (!container.TryGetContainerImageName(out var image))
            throw new DistributedApplicationException(
                $"Could not get the container image name for resource '{container.Name}'."
            );
        context.Writer.WriteString("type", "container.v0");
        WriteConnectionString(container);
        context.Writer.WriteString("image", image);
        if (container.Entrypoint is { } entrypoint)
            context.Writer.WriteString("entrypoint", entrypoint);
        await WriteArgumentsAsync(container);
        WriteVolumes(container);
        await WriteEnvironmentAsync(container);
        WriteBindings(container);
    }

    private async Task WriteProjectAsync(ProjectResource project)
    {
        context.Writer.WriteString("type", "project.v0");
        context.Writer.WriteString("path", context.GetManifestRelativePath(project.GetProjectMetadata().ProjectPath));
        await WriteArgumentsAsync(project);
        await WriteEnvironmentAsync(project);
        WriteBindings(project);
    }

    private void WriteParameter(ParameterResource parameter)
    {
        context.Writer.WriteString("type", "parameter.v0");
        if (parameter.IsConnectionString)
            context.Writer.WriteString("connectionString", parameter.ValueExpression);
        context.Writer.WriteString("value", $"{{{parameter.Name}.inputs.value}}");
        context.Writer.WriteStartObject("inputs");
        context.Writer.WriteStartObject("value");
        context.Writer.WriteString("type", "string");
        if (parameter.Secret)
            context.Writer.WriteBoolean("secret", true);
        if (parameter.Default is { } parameterDefault)
        {
            context.Writer.WriteStartObject("default");
            parameterDefault.WriteToManifest(context);
            context.Writer.WriteEndObject();
        }
        context.Writer.WriteEndObject();
        context.Writer.WriteEndObject();
    }

    private void WriteEncodedForms(ParameterResource parameter)
    {
        foreach (var (name, format) in _references.TakeEncoded(parameter))
        {
            context.Writer.WriteStartObject(name);
            context.Writer.WriteString("type", "annotated.string");
            context.Writer.WriteString("value", parameter.ValueExpression);
            context.Writer.WriteString("filter", format);
            context.Writer.WriteEndObject();
        }
    }

    private async Task WriteConditionalAsync(ReferenceExpression conditional)
    {
        var value = await conditional.GetValueAsync(context.CancellationToken);
        context.Writer.WriteStartObject(conditional.Name!);
        context.Writer.WriteString("type", "value.v0");
        context.Writer.WriteString("connectionString", value ?? string.Empty);
        context.Writer.WriteEndObject();
    }

    private void WriteConnectionString(IResource resource)
    {
        if (resource is IResourceWithConnectionString source)
            context.Writer.WriteString("connectionString", ExpressionOf(source.ConnectionStringExpression));
    }

    private async Task WriteArgumentsAsync(IResource resource)
    {
        var arguments = await resource.CollectArgumentsAsync(context.ExecutionContext, context.CancellationToken);
        if (arguments.Count == 0)
            return;
        context.Writer.WriteStartArray("args");
        foreach (var argument in arguments)
            context.Writer.WriteStringValue(ExpressionOf(argument));
        context.Writer.WriteEndArray();
    }

    private async Task WriteEnvironmentAsync(IResource resource)
    {
        var variables = await resource.CollectEnvironmentAsync(context.ExecutionContext, context.CancellationToken);
        if (variables.Count == 0)
            return;
        context.Writer.WriteStartObject("env");
        foreach (var (name, value) in variables)
            context.Writer.WriteString(name, ExpressionOf(value));
        context.Writer.WriteEndObject();
    }

    private void WriteVolumes(ContainerResource container)
    {
        var volumes = container.Annotations.OfType<ContainerMountAnnotation>().ToList();
        if (volumes.Count == 0)
            return;
        context.Writer.WriteStartArray("volumes");
        foreach (var volume in volumes)
        {
            context.Writer.WriteStartObject();
            if (volume.Source is { } name)
                context.Writer.WriteString("name", name);
            context.Writer.WriteString("target", volume.Target);
            context.Writer.WriteBoolean("readOnly", volume.IsReadOnly);
            context.Writer.WriteEndObject();
        }
        context.Writer.WriteEndArray();
    }

    private void WriteBindings(IResource resource)
    {
        var endpoints = resource.Annotations.OfType<EndpointAnnotation>().ToList();
        if (endpoints.Count == 0)
            return;
        context.Writer.WriteStartObject("bindings");
        var defaultSchemes = new HashSet<string>(StringComparer.Ordinal);
        foreach (var endpoint in endpoints)
        {
            // The deployment tool chooses the port of a project's first http and first https endpoint.
            var isDefault =
                resource is ProjectResource
                && endpoint.UriScheme is "http" or "https"
                && defaultSchemes.Add(endpoint.UriScheme);
            var targetPort =
                endpoint.TargetPort
                ?? (resource is ContainerResource ? endpoint.Port : null)
                ?? (isDefault ? null : _ports.Next());
            WriteBinding(endpoint, targetPort);
        }
        context.Writer.WriteEndObject();
    }

    private void WriteBinding(EndpointAnnotation endpoint, int? targetPort)
    {
        context.Writer.WriteStartObject(endpoint.Name);
        context.Writer.WriteString("scheme", endpoint.UriScheme);
        context.Writer.WriteString("protocol", endpoint.Protocol.ToString().ToLowerInvariant());
        context.Writer.WriteString("transport", endpoint.Transport);
        if (endpoint.Port is { } port && port != targetPort)
            context.Writer.WriteNumber("port", port);
        if (targetPort is { } target)
            context.Writer.WriteNumber("targetPort", target);
        if (endpoint.IsExternal)
            context.Writer.WriteBoolean("external", true);
        context.Writer.WriteEndObject();
    }

    private string ExpressionOf(object value)
    {
        _references.Add(value);
        return value switch
        {
            ReferenceExpression expression => _references.ExpressionOf(expression),
            IManifestExpressionProvider provider => provider.ValueExpression,
            _ => value.ToString() ?? string.Empty,
        };
    }

    /// <summary>Ports for endpoints that name none; where genuine Aspire starts, too.</summary>
    private sealed class PortAllocator
    {
        private int _next = 8000;

        public int Next() => _next++;
    }
}
