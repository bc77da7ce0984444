using Confluent.Kafka;
using LibrdkafkaRedist;
using MassTransit.KafkaIntegration.Configuration;

namespace MassTransit;

/// <summary>Adds Kafka to the riders of a bus.</summary>
public static class KafkaIntegrationExtensions
{
    public static void UsingKafka(
        this IRiderRegistrationConfigurator configurator,
        Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> configure
    ) => Use(configurator, null, configure);

    public static void UsingKafka(
        this IRiderRegistrationConfigurator configurator,
        ClientConfig clientConfig,
        Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> configure
    )
    {
        ArgumentNullException.ThrowIfNull(clientConfig);
        Use(configurator, clientConfig, configure);
    }

    private static void Use(
        IRiderRegistrationConfigurator configurator,
        ClientConfig? clientConfig,
        Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> configure
    )
    {
        ArgumentNullException.ThrowIfNull(configurator);
        ArgumentNullException.ThrowIfNull(configure);
        Librdkafka.Use();
        configurator.SetRiderFactory(new KafkaRiderFactory(clientConfig, configure));
    }
}
