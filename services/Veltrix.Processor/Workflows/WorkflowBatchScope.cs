using MassTransit.KafkaIntegration;
using Veltrix.Configuration;
using Veltrix.Processor.Consuming;
using Veltrix.Processor.Database;
using Veltrix.ServiceDefaults.Configuration;

namespace Veltrix.Processor.Workflows;

/// <summary>
/// Takes over the reading of the rider's endpoint, so that a polled batch is one transaction instead of one for each message
/// (ADR 0012). The seam belongs to our stand-in of the rider; with the genuine package
/// this file is left out of the compilation, and <see cref="OneByOneFilter"/> does the work message by message.
/// </summary>
internal sealed class WorkflowBatchScope(
    ProcessingDatabase database,
    WorkflowOutcomes outcomes,
    WorkflowHealth health,
    IPlatformConfiguration configuration,
    ProcessorMetrics metrics,
    ProcessorQueues queues,
    [FromKeyedServices(Purposes.Workflows)] PurposeTopics topics,
    TimeProvider time,
    ILoggerFactory loggers
) : IKafkaBatchScope
{
    public async Task RunAsync(KafkaBatchEndpoint endpoint, CancellationToken stopping)
    {
        var handler = new HuntBatchHandler(database, outcomes, endpoint.DispatchAsync);
        var member = new GroupMember(handler, configuration, metrics, queues, time, loggers);
        health.Watch(() => member.IsRunning);
        await member.RunAsync(
            profile =>
                BatchConsumer.Settings(
                    endpoint.ConsumerConfig.BootstrapServers,
                    endpoint.ConsumerConfig.GroupId,
                    endpoint.ConsumerConfig.ClientId,
                    profile
                ),
            topics.Current,
            stopping
        );
    }
}

internal static partial class WorkflowExtensions
{
    static partial void AddBatches(IServiceCollection services)
    {
        services.AddSingleton(new WorkflowMode(InBatches: true));
        services.AddSingleton<IKafkaBatchScope, WorkflowBatchScope>();
    }
}
