using Confluent.Kafka;
using MassTransit;
using MassTransit.Configuration;
using MassTransit.Monitoring;
using MassTransit.Saga;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Veltrix.Processor.Consuming;
using Veltrix.ServiceDefaults;
using Veltrix.ServiceDefaults.Configuration;

namespace Veltrix.Processor.Workflows;

/// <summary>Registers the sagas and what feeds them.</summary>
internal static partial class WorkflowExtensions
{
    public static void AddWorkflows(this WebApplicationBuilder builder)
    {
        // Both ways of saying no: the call covers this bus, the variable what reads it before the bus is configured.
        Environment.SetEnvironmentVariable("MASSTRANSIT_USAGE_TELEMETRY", "false");
        var services = builder.Services;
        services.AddSingleton<WorkflowHealth>();
        services.AddSingleton<WorkflowOutcomes>();
        services.AddSingleton(provider => provider.GetRequiredService<WorkflowOutcomes>().Committed);
        services.AddPurposeTopics(Purposes.Workflows, _ => HuntEventReader.Types);
        AddBatches(services);
        services.TryAddSingleton(new WorkflowMode(InBatches: false));
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.UsingInMemory();
            bus.AddRider(rider =>
            {
                rider
                    .AddSagaStateMachine<HuntStateMachine, HuntState>()
                    .Repository(repository =>
                        repository.RegisterSagaRepository<
                            HuntState,
                            HuntUnitOfWork,
                            SagaConsumeContextFactory<HuntUnitOfWork, HuntState>,
                            HuntRepository
                        >()
                    );
                rider.UsingKafka(Configure);
            });
        });
        services.RemoveMassTransitHostedService();
        // Its health check builds the bus as soon as health is mapped, before a configuration can have arrived; WorkflowHealth is ours.
        services.Remove(
            services.Single(service => service.ImplementationType == typeof(ConfigureBusHealthCheckServiceOptions))
        );
        services.AddHostedService<WorkflowService>();
        services.AddHostedService<HuntTimeoutService>();
    }

    /// <summary>Registers what makes a polled batch one transaction; nothing where the rider cannot do that.</summary>
    static partial void AddBatches(IServiceCollection services);

    private static void Configure(IRiderRegistrationContext context, IKafkaFactoryConfigurator kafka)
    {
        var topics = context.GetRequiredService<KafkaTopics>();
        var platform = context.GetRequiredService<IPlatformConfiguration>();
        var group = context.GetRequiredService<IOptions<ProcessorOptions>>().Value.Group(Purposes.Workflows);
        var node = context.GetRequiredService<NodeIdentity>().Name;
        kafka.Host(topics.BootstrapServers);
        // In batches one endpoint reads all topics and follows the configuration, so that its own topic is only a name; the
        // genuine rider has one for each topic.
        IReadOnlyList<string> wanted = context.GetRequiredService<WorkflowMode>().InBatches
            ? [Purposes.Workflows]
            // MassTransit's own provider knows no keys.
            : context
                .GetRequiredService<IServiceProvider>()
                .GetRequiredKeyedService<PurposeTopics>(Purposes.Workflows)
                .Current();
        foreach (var topic in wanted)
            kafka.TopicEndpoint<string, HuntEvent>(
                topic,
                BatchConsumer.Settings(
                    topics.BootstrapServers,
                    group,
                    node,
                    platform.Current.Configuration.Processor.Consumer
                ),
                endpoint => Configure(context, endpoint)
            );
    }

    private static void Configure(
        IRiderRegistrationContext context,
        IKafkaTopicReceiveEndpointConfigurator<string, HuntEvent> endpoint
    )
    {
        endpoint.SetKeyDeserializer(Deserializers.Utf8);
        endpoint.SetValueDeserializer(new HuntEventReader());
        if (!context.GetRequiredService<WorkflowMode>().InBatches)
        {
            endpoint.CheckpointInterval = TimeSpan.FromSeconds(1);
            // Before the message's type is looked at: reading the record fails there already.
            endpoint.AddPrePipeSpecification(
                new FilterPipeSpecification<ConsumeContext>(
                    new OneByOneFilter(
                        context.GetRequiredService<WorkflowOutcomes>(),
                        context.GetRequiredService<TimeProvider>(),
                        context.GetRequiredService<ILogger<OneByOneFilter>>(),
                        context.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping
                    )
                )
            );
        }
        endpoint.ConfigureSaga<HuntState>(context);
    }
}

/// <summary>How sagas are run.</summary>
/// <param name="InBatches">One transaction per polled batch; else one per message.</param>
internal sealed record WorkflowMode(bool InBatches);
