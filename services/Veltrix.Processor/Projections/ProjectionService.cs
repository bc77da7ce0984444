using Microsoft.Extensions.Options;
using Veltrix.Configuration;
using Veltrix.Processor.Consuming;
using Veltrix.Processor.Database;
using Veltrix.ServiceDefaults;
using Veltrix.ServiceDefaults.Configuration;

namespace Veltrix.Processor.Projections;

/// <summary>Consumes the topics whose events change a read model.</summary>
internal sealed class ProjectionService(
    ProcessingDatabase database,
    KafkaTopics kafka,
    IPlatformConfiguration configuration,
    IEnumerable<IProjection> projections,
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
    private readonly string[] _types = [.. projections.Select(projection => projection.EventType)];
    private ConfigurationVersion? _version;
    private IReadOnlyList<string> _topics = [];

    /// <summary>Whether a consumer runs now.</summary>
    public bool IsRunning => _member.IsRunning;

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        await database.ReadyAsync(stoppingToken);
        await kafka.EnsureAsync(stoppingToken);
        var group = options.Value.Group(Purposes.Projections);
        await _member.RunAsync(
            profile => BatchConsumer.Settings(kafka.BootstrapServers, group, node.Name, profile),
            Topics,
            stoppingToken
        );
    }

    private IReadOnlyList<string> Topics()
    {
        var version = configuration.Current;
        if (ReferenceEquals(version, _version))
            return _topics;
        _version = version;
        metrics.UseWorkers(version.Configuration.Processor.Workers);
        return _topics = KafkaTopics.Of(version.Configuration, _types);
    }
}
