using Veltrix.Processor.Consuming;
using Veltrix.Processor.Database;
using Veltrix.Processor.Endpoints;
using Veltrix.Processor.Leaderboard;
using Veltrix.Processor.Projections;
using Veltrix.Processor.Workflows;
using Veltrix.ServiceDefaults.Configuration;

namespace Veltrix.Processor;

/// <summary>Puts the processor together.</summary>
internal static class ProcessorApplication
{
    public static WebApplication Build(string[] arguments, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(arguments);
        builder.AddServiceDefaults();
        // MassTransit logs every refused event with its whole stack; they are dead letters, counted and logged as such.
        builder.Logging.AddFilter("MassTransit", LogLevel.Critical);
        builder.AddPlatformConfiguration();
        builder.AddNpgsqlDbContext<ProcessingContext>(ProcessingDatabase.ConnectionName);
        builder.AddRedisClient("redis");
        builder.AddProcessing();
        builder.AddWorkflows();
        configure?.Invoke(builder);

        var app = builder.Build();
        // Told to the doctor, which refuses to route a type that nobody handles.
        app.Services.GetRequiredService<NodeMeter>()
            .UseHandledTypes([
                .. app.Services.GetServices<IProjection>().Select(projection => projection.EventType),
                .. HuntEventReader.Types,
            ]);
        app.MapDefaultEndpoints();
        app.MapProjections();
        app.MapWorkflows();
        app.MapAccounting();
        return app;
    }

    private static void AddProcessing(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        // Both purposes leave their groups at the same time, not one after the other.
        services.Configure<HostOptions>(options => options.ServicesStopConcurrently = true);
        services.AddOptions<ProcessorOptions>().BindConfiguration(ProcessorOptions.Section);
        services.AddSingleton<ProcessingDatabase>();
        services.AddSingleton<KafkaTopics>();
        services.AddSingleton<IConfigurationPart, ConsumerProfile>();
        services.AddSingleton<ProcessorQueues>();
        services.AddSingleton<ProcessorMetrics>();
        services.AddHostedService<SchemaService>();
        services.AddHostedService<HousekeepingService>();
        services.AddHealthChecks().AddCheck<ProcessingHealthCheck>("processing");

        services.AddSingleton<LeaderboardStore>();
        services.AddSingleton<LeaderboardWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<LeaderboardWriter>());

        services.AddSingleton<IProjection, PlayerProjection>();
        services.AddSingleton<IProjection, GitHubProjection>();
        services.AddPurposeTopics(
            Purposes.Projections,
            provider => [.. provider.GetServices<IProjection>().Select(projection => projection.EventType)]
        );
        services.AddSingleton<ProjectionHandler>();
        services.AddSingleton(provider => provider.GetRequiredService<ProjectionHandler>().Committed);
        services.AddSingleton<ProjectionService>();
        services.AddHostedService(provider => provider.GetRequiredService<ProjectionService>());
    }
}
