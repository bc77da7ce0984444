using Confluent.Kafka;
using MassTransit.Configuration;
using MassTransit.Context;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration.Configuration;

internal sealed class KafkaTopicEndpointConfiguration<TKey, TValue>
    : ReceiveEndpointConfiguration,
        IKafkaTopicReceiveEndpointConfigurator<TKey, TValue>
    where TValue : class
{
    private readonly IBusInstance _bus;
    private readonly IReceiveEndpointConfiguration _endpoint;
    private readonly string _topic;
    private readonly ConsumerConfig _settings;
    private readonly IKafkaBatchScope? _scope;
    private IDeserializer<TKey>? _keys;
    private IDeserializer<TValue>? _values;

    public KafkaTopicEndpointConfiguration(
        IBusInstance bus,
        IReceiveEndpointConfiguration endpoint,
        string topic,
        ConsumerConfig settings,
        IKafkaBatchScope? scope
    )
        : base(bus.HostConfiguration, endpoint)
    {
        _bus = bus;
        _endpoint = endpoint;
        _topic = topic;
        _settings = settings;
        _scope = scope;
        PublishFaults = false;
        // The genuine rider discards what a handler could not take. A batch scope must hear of it instead.
        if (scope is null)
        {
            this.DiscardFaultedMessages();
            this.DiscardSkippedMessages();
        }
        else
        {
            this.RethrowFaultedMessages();
            this.DiscardSkippedMessages();
        }
    }

    public override Uri HostAddress => _endpoint.HostAddress;

    public override Uri InputAddress => _endpoint.InputAddress;

    public AutoOffsetReset? AutoOffsetReset
    {
        set => _settings.AutoOffsetReset = value;
    }

    public PartitionAssignmentStrategy? PartitionAssignmentStrategy
    {
        set => _settings.PartitionAssignmentStrategy = value;
    }

    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromMinutes(1);

    public ushort CheckpointMessageCount { get; set; } = 5000;

    public void SetKeyDeserializer(IDeserializer<TKey> deserializer) => _keys = deserializer;

    public void SetValueDeserializer(IDeserializer<TValue> deserializer) => _values = deserializer;

    public override IEnumerable<ValidationResult> Validate()
    {
        if (_values is null)
            yield return this.Failure("ValueDeserializer", "must not be null");
        foreach (var result in base.Validate())
            yield return result;
    }

    public override ReceiveEndpointContext CreateReceiveEndpointContext()
    {
        ApplySpecifications(new ReceiveEndpointBuilder(this));
        return new KafkaEndpointContext(_bus, this);
    }

    public KafkaTopicEndpoint Build()
    {
        var context = CreateReceiveEndpointContext();
        var dispatcher = context.CreateReceivePipeDispatcher();
        return new KafkaTopicEndpoint(
            _topic,
            _settings,
            async (result, payloads) =>
            {
                using var received = new KafkaReceiveContext<TKey, TValue>(
                    result,
                    _settings.GroupId,
                    context,
                    _keys,
                    _values!,
                    payloads
                );
                await dispatcher.Dispatch(received, NoLockReceiveContext.Instance);
            },
            new KafkaCheckpointSettings(CheckpointInterval, CheckpointMessageCount),
            _scope,
            _bus.HostConfiguration.ReceiveLogContext
        );
    }
}
