using MassTransit.Configuration;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration;

/// <summary>What handlers send and publish goes to the bus, as with the genuine rider.</summary>
internal sealed class KafkaEndpointContext(IBusInstance bus, IReceiveEndpointConfiguration configuration)
    : BaseReceiveEndpointContext(bus.HostConfiguration, configuration)
{
    public override void AddSendAgent(IAgent agent) => throw new NotSupportedException();

    public override void AddConsumeAgent(IAgent agent) => throw new NotSupportedException();

    public override Exception ConvertException(Exception exception, string message) =>
        new ConnectionException(message, exception);

    protected override ISendTransportProvider CreateSendTransportProvider() => throw new NotSupportedException();

    protected override IPublishTransportProvider CreatePublishTransportProvider() => throw new NotSupportedException();

    protected override ISendEndpointProvider CreateSendEndpointProvider() => bus.Bus;

    protected override IPublishEndpointProvider CreatePublishEndpointProvider() => bus.Bus;
}
