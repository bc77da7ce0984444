using MassTransit.Transports;

namespace MassTransit.KafkaIntegration;

/// <summary>Starts and stops the topic endpoints with the bus.</summary>
internal sealed class KafkaRider(IReadOnlyList<KafkaTopicEndpoint> endpoints) : IKafkaRider
{
    public RiderHandle Start(CancellationToken cancellationToken = default)
    {
        foreach (var endpoint in endpoints)
            endpoint.Start();
        return new Handle(endpoints);
    }

    public IEnumerable<EndpointHealthResult> CheckEndpointHealth() => [];

    private sealed class Handle(IReadOnlyList<KafkaTopicEndpoint> endpoints) : RiderHandle
    {
        public Task Ready => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) =>
            Task.WhenAll(endpoints.Select(endpoint => endpoint.StopAsync(cancellationToken)));
    }
}
