using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting;

public static class RedisBuilderExtensions
{
    private static readonly TimeSpan DefaultSaveInterval = TimeSpan.FromSeconds(60);

    public static IResourceBuilder<RedisResource> AddRedis(
        this IDistributedApplicationBuilder builder,
        string name,
        int? port = null,
        IResourceBuilder<ParameterResource>? password = null
    )
    {
        // Signs are left out: StackExchange.Redis cannot take a comma in a password.
        var passwordParameter =
            password?.Resource
            ?? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(
                builder,
                $"{name}-password",
                special: false
            );
        var redis = new RedisResource(name, passwordParameter);
        return builder
            .AddResource(redis)
            .WithEndpoint(port: port, targetPort: 6379, scheme: "redis", name: RedisResource.PrimaryEndpointName)
            .WithImage("library/redis", "8.6")
            .WithImageRegistry("docker.io")
            .WithHealthCheck($"{name}_check")
            // Through a shell, so that the password comes from the environment and not from the command line.
            .WithEntrypoint("/bin/sh")
            .WithEnvironment(context => context.EnvironmentVariables["REDIS_PASSWORD"] = passwordParameter)
            .WithArgs(context =>
            {
                context.Args.Add("-c");
                context.Args.Add(string.Join(' ', ServerCommand(redis)));
            })
            .WithAnnotation<LocalServer>(new GarnetServer(passwordParameter.GetValueAsync, builder.AppHostDirectory));
    }

    public static IResourceBuilder<RedisResource> WithDataVolume(
        this IResourceBuilder<RedisResource> builder,
        string? name = null,
        bool isReadOnly = false
    )
    {
        builder.WithVolume(name ?? VolumeNameGenerator.Generate(builder, "data"), "/data", isReadOnly);
        return isReadOnly ? builder : builder.WithPersistence();
    }

    public static IResourceBuilder<RedisResource> WithPersistence(
        this IResourceBuilder<RedisResource> builder,
        TimeSpan? interval = null,
        long keysChangedThreshold = 1
    ) =>
        builder.WithAnnotation(
            new PersistenceAnnotation(interval ?? DefaultSaveInterval, keysChangedThreshold),
            ResourceAnnotationMutationBehavior.Replace
        );

    private static IEnumerable<string> ServerCommand(RedisResource redis)
    {
        yield return "redis-server --requirepass $REDIS_PASSWORD";
        if (redis.TryGetLastAnnotation<PersistenceAnnotation>(out var persistence))
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"--save {persistence.Interval.TotalSeconds} {persistence.KeysChangedThreshold}"
            );
    }

    private sealed record PersistenceAnnotation(TimeSpan Interval, long KeysChangedThreshold) : IResourceAnnotation;
}
