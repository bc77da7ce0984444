using Confluent.Kafka;
using MassTransit.Configuration;
using MassTransit.Observables;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Configuration;

internal sealed class KafkaFactoryConfigurator(ClientConfig client, IKafkaBatchScope? scope)
    : IKafkaFactoryConfigurator,
        IKafkaHostConfigurator,
        ISpecification
{
    private readonly List<Func<IBusInstance, KafkaTopicEndpoint>> _endpoints = [];
    private readonly ReceiveEndpointObservable _endpointObservers = new();
    private readonly SendObservable _sendObservers = new();

    public string ClientId
    {
        set => client.ClientId = value;
    }

    public void Host(IReadOnlyList<string> servers, Action<IKafkaHostConfigurator>? configure = null)
    {
        client.BootstrapServers = string.Join(',', servers);
        configure?.Invoke(this);
    }

    public void TopicEndpoint<TKey, TValue>(
        string topicName,
        string groupId,
        Action<IKafkaTopicReceiveEndpointConfigurator<TKey, TValue>> configure
    )
        where TValue : class => TopicEndpoint(topicName, new ConsumerConfig { GroupId = groupId }, configure);

    public void TopicEndpoint<TKey, TValue>(
        string topicName,
        ConsumerConfig consumerConfig,
        Action<IKafkaTopicReceiveEndpointConfigurator<TKey, TValue>> configure
    )
        where TValue : class
    {
        ArgumentException.ThrowIfNullOrEmpty(topicName);
        ArgumentNullException.ThrowIfNull(consumerConfig);
        _endpoints.Add(bus => Create(bus, topicName, consumerConfig, configure));
    }

    public ConnectHandle ConnectReceiveEndpointObserver(IReceiveEndpointObserver observer) =>
        _endpointObservers.Connect(observer);

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => _sendObservers.Connect(observer);

    /// <summary>This stand-in has no producers whose pipe could be configured.</summary>
    public void ConfigureSend(Action<ISendPipeConfigurator> callback) { }

    public IEnumerable<ValidationResult> Validate()
    {
        if (string.IsNullOrEmpty(client.BootstrapServers))
            yield return this.Failure("BootstrapServers", "must not be empty; call Host()");
    }

    public KafkaRider Build(IBusInstance bus) => new([.. _endpoints.Select(create => create(bus))]);

    private KafkaTopicEndpoint Create<TKey, TValue>(
        IBusInstance bus,
        string topic,
        ConsumerConfig consumerConfig,
        Action<IKafkaTopicReceiveEndpointConfigurator<TKey, TValue>> configure
    )
        where TValue : class
    {
        // What the endpoint says stands before what the host says.
        var merged = consumerConfig.Concat(client).DistinctBy(entry => entry.Key).ToDictionary();
        var settings = new ConsumerConfig(merged) { EnableAutoCommit = false };
        var name = $"kafka/{topic}/{consumerConfig.GroupId}";
        var endpoint = new KafkaTopicEndpointConfiguration<TKey, TValue>(
            bus,
            bus.HostConfiguration.CreateReceiveEndpointConfiguration(name),
            topic,
            settings,
            scope
        );
        endpoint.ConnectReceiveEndpointObserver(_endpointObservers);
        configure(endpoint);
        endpoint.Validate().ThrowIfContainsFailure($"The endpoint {name} is not valid:");
        return endpoint.Build();
    }
}
