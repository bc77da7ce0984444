using Confluent.Kafka;

namespace MassTransit;

/// <summary>Configures the rider.</summary>
public interface IKafkaFactoryConfigurator
    : IRiderFactoryConfigurator,
        ISendObserverConnector,
        ISendPipelineConfigurator
{
    string ClientId { set; }

    void Host(IReadOnlyList<string> servers, Action<IKafkaHostConfigurator>? configure = null);

    void TopicEndpoint<TKey, TValue>(
        string topicName,
        string groupId,
        Action<IKafkaTopicReceiveEndpointConfigurator<TKey, TValue>> configure
    )
        where TValue : class;

    void TopicEndpoint<TKey, TValue>(
        string topicName,
        ConsumerConfig consumerConfig,
        Action<IKafkaTopicReceiveEndpointConfigurator<TKey, TValue>> configure
    )
        where TValue : class;
}

/// <summary>Configures the connection to the cluster.</summary>
public interface IKafkaHostConfigurator;

/// <summary>Shorter forms.</summary>
public static class KafkaConfiguratorExtensions
{
    public static void Host(
        this IKafkaFactoryConfigurator configurator,
        string server,
        Action<IKafkaHostConfigurator>? configure = null
    )
    {
        ArgumentNullException.ThrowIfNull(configurator);
        configurator.Host([server], configure);
    }
}
