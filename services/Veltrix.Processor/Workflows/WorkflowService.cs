using MassTransit;
using Veltrix.Processor.Consuming;
using Veltrix.Processor.Database;
using Veltrix.ServiceDefaults;

namespace Veltrix.Processor.Workflows;

/// <summary>Starts the bus, and with it the rider, once the schema, the configuration and the topics are there.</summary>
/// <remarks>The genuine rider fails when its topic does not exist; MassTransit's own hosted service would not wait.</remarks>
internal sealed class WorkflowService(
    ProcessingDatabase database,
    [FromKeyedServices(Purposes.Workflows)] PurposeTopics topics,
    WorkflowHealth health,
    IServiceProvider services,
    TimeProvider time,
    ILogger<WorkflowService> logger
) : SteadyService(time, logger)
{
    private IBusDepot? _bus;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_bus is not null)
            await _bus.Stop(cancellationToken);
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        await database.ReadyAsync(stoppingToken);
        await topics.PrepareAsync(stoppingToken);
        // Resolved only now: the bus is built from the published configuration.
        var bus = services.GetRequiredService<IBusDepot>();
        _bus = bus;
        await bus.Start(stoppingToken);
        health.Started();
    }
}
