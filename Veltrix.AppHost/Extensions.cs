using Microsoft.Extensions.Configuration;

namespace Veltrix.AppHost;

internal static class Extensions
{
    private const int KeyLengthCharacters = 32;

    /// <summary>A secret that is generated once and survives restarts. Letters and digits only, so that it can be pasted anywhere.</summary>
    public static IResourceBuilder<ParameterResource> AddGeneratedSecret(
        this IDistributedApplicationBuilder builder,
        string name
    ) =>
        builder.AddParameter(
            name,
            new GenerateParameterDefault { MinLength = KeyLengthCharacters, Special = false },
            secret: true,
            persist: true
        );

    /// <summary>The server that the configuration names under <c>ConnectionStrings</c>; null when it names none.</summary>
    public static IResourceBuilder<IResourceWithConnectionString>? AddExisting(
        this IDistributedApplicationBuilder builder,
        string name
    ) => builder.IsExisting(name) ? builder.AddConnectionString(name) : null;

    /// <summary>A PostgreSQL server for those of <paramref name="databases"/> that do not exist elsewhere; null when all of them do.</summary>
    public static IResourceBuilder<PostgresServerResource>? AddPostgresUnlessExisting(
        this IDistributedApplicationBuilder builder,
        string name,
        params string[] databases
    ) =>
        Array.TrueForAll(databases, builder.IsExisting)
            ? null
            : builder.AddPostgres(name, port: builder.LocalPort(25432)).WithDataVolume();

    /// <summary>A fixed port makes a server easy to reach from a shell; deployed, it is nobody's business.</summary>
    public static int? LocalPort(this IDistributedApplicationBuilder builder, int port) =>
        builder.ExecutionContext.IsRunMode ? port : null;

    /// <summary>
    /// The node keeps a signed copy of its configuration beside the platform's other data, and boots from it while config
    /// is away. Deployed, a volume and <c>LastGoodConfiguration__Directory</c> do the same.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithLastGoodConfiguration(
        this IResourceBuilder<ProjectResource> node
    )
    {
        var builder = node.ApplicationBuilder;
        if (!builder.ExecutionContext.IsRunMode)
            return node;
        var data = builder.Configuration["StandIns:DataDirectory"] ?? Path.Combine("..", ".veltrix");
        return node.WithEnvironment(
            "LastGoodConfiguration__Directory",
            Path.GetFullPath(Path.Combine(data, "last-good"), builder.AppHostDirectory)
        );
    }

    /// <summary>The operator key, and those of further operators that the configuration names under <c>Keys:Operators</c>.</summary>
    public static IResourceBuilder<ProjectResource> WithOperatorKeys(
        this IResourceBuilder<ProjectResource> service,
        IResourceBuilder<ParameterResource> operatorKey
    )
    {
        var builder = service.ApplicationBuilder;
        service.WithEnvironment("Keys__Operator", operatorKey);
        // A manifest is no place for keys.
        if (builder.ExecutionContext.IsRunMode)
            foreach (var named in builder.Configuration.GetSection("Keys:Operators").GetChildren())
                service.WithEnvironment($"Keys__Operators__{named.Key}", named.Value);
        return service;
    }

    private static bool IsExisting(this IDistributedApplicationBuilder builder, string name) =>
        !string.IsNullOrEmpty(builder.Configuration.GetConnectionString(name));
}
