using Microsoft.Extensions.Options;
using Veltrix.Processor.Consuming;
using Veltrix.Processor.Database;
using Veltrix.ServiceDefaults;
using Veltrix.ServiceDefaults.Configuration;

namespace Veltrix.Processor.Projections;

/// <summary>Consumes the topics whose events change a read model.</summary>
internal sealed class ProjectionService(
    ProcessingDatabase database,
    KafkaTopics kafka,
    [FromKeyedServices(Purposes.Projections)] PurposeTopics topics,
    IPlatformConfiguration configuration,
    ProjectionHandler handler,
    ProcessorMetrics metrics,
    ProcessorQueues queues,
    IOptions<ProcessorOptions> options,
    NodeIdentity node,
    TimeProvider time,
    ILoggerFactory loggers
) : SteadyService(time, loggers.CreateLogger<ProjectionService>())
{
    private readonly GroupMember _member = new(handler, configuration, metrics, queues, time, loggers);

    /// <summary>Whether a consumer runs now.</summary>
    public bool IsRunning => _member.IsRunning;

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        await database.ReadyAsync(stoppingToken);
        await topics.PrepareAsync(stoppingToken);
        var group = options.Value.Group(Purposes.Projections);
        await _member.RunAsync(
            profile => BatchConsumer.Settings(kafka.BootstrapServers, group, node.Name, profile),
            Topics,
            stoppingToken
        );
    }

    private IReadOnlyList<string> Topics()
    {
        metrics.UseWorkers(configuration.Current.Configuration.Processor.Workers);
        return topics.Current();
    }
}
