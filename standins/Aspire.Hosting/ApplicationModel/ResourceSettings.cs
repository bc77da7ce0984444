namespace Aspire.Hosting.ApplicationModel;

/// <summary>Collects what the callbacks of a resource set: its environment and its arguments.</summary>
internal static class ResourceSettings
{
    /// <summary>Variables in the order in which they were set; values are texts or <see cref="IValueProvider"/>s.</summary>
    public static async Task<Dictionary<string, object>> CollectEnvironmentAsync(
        this IResource resource,
        DistributedApplicationExecutionContext execution,
        CancellationToken cancellation
    )
    {
        var context = new EnvironmentCallbackContext(execution, resource, [], cancellation);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>().ToList())
            await annotation.Callback(context);
        return context.EnvironmentVariables;
    }

    /// <summary>Arguments; values are texts or <see cref="IValueProvider"/>s.</summary>
    public static async Task<IList<object>> CollectArgumentsAsync(
        this IResource resource,
        DistributedApplicationExecutionContext execution,
        CancellationToken cancellation
    )
    {
        var context = new CommandLineArgsCallbackContext([], resource, cancellation) { ExecutionContext = execution };
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>().ToList())
            await annotation.Callback(context);
        return context.Args;
    }

    /// <summary>The environment with every value resolved; waits for the endpoints that values name. Null values are left out.</summary>
    public static async Task<Dictionary<string, string>> ResolveEnvironmentAsync(
        this IResource resource,
        DistributedApplicationExecutionContext execution,
        CancellationToken cancellation
    )
    {
        var resolved = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in await resource.CollectEnvironmentAsync(execution, cancellation))
            if (await ResolveAsync(value, cancellation) is { } text)
                resolved[name] = text;
        return resolved;
    }

    /// <summary>The arguments with every value resolved.</summary>
    public static async Task<List<string>> ResolveArgumentsAsync(
        this IResource resource,
        DistributedApplicationExecutionContext execution,
        CancellationToken cancellation
    )
    {
        var resolved = new List<string>();
        foreach (var value in await resource.CollectArgumentsAsync(execution, cancellation))
            if (await ResolveAsync(value, cancellation) is { } text)
                resolved.Add(text);
        return resolved;
    }

    private static async ValueTask<string?> ResolveAsync(object value, CancellationToken cancellation) =>
        value is IValueProvider provider ? await provider.GetValueAsync(cancellation) : value.ToString();
}
