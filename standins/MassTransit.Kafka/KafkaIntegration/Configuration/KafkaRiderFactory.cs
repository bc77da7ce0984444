using Confluent.Kafka;
using MassTransit.Configuration;
using MassTransit.DependencyInjection;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Configuration;

/// <summary>Makes the rider when the bus is made.</summary>
internal sealed class KafkaRiderFactory(
    ClientConfig? clientConfig,
    Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> configure
) : IRegistrationRiderFactory<IKafkaRider>
{
    public IBusInstanceSpecification CreateRider(IRiderRegistrationContext context)
    {
        var scope = (IKafkaBatchScope?)context.GetService(typeof(IKafkaBatchScope));
        var configurator = new KafkaFactoryConfigurator(clientConfig ?? new ClientConfig(), scope);
        configure(context, configurator);
        return new Specification(configurator);
    }

    private sealed class Specification(KafkaFactoryConfigurator configurator) : IBusInstanceSpecification
    {
        public void Configure(IBusInstance busInstance) =>
            busInstance.Connect<IKafkaRider>(configurator.Build(busInstance));

        public IEnumerable<ValidationResult> Validate() => configurator.Validate();
    }
}
