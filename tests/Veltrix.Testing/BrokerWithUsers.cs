using Aspire.Hosting.Orchestration;

namespace Veltrix.Testing;

/// <summary>Our broker with one user, so that nobody may ask who is not that.</summary>
internal sealed class BrokerWithUsers(BrokerServer broker) : LocalServer
{
    public override int DefaultPort => broker.DefaultPort;

    public override async Task<ProcessSpecification> PrepareAsync(
        LocalServerContext context,
        CancellationToken cancellation
    )
    {
        var specification = await broker.PrepareAsync(context, cancellation);
        return specification with
        {
            Environment = new Dictionary<string, string?>(specification.Environment)
            {
                [$"Broker__Users__{Servers.KafkaUser}"] = Servers.Password,
            },
        };
    }

    public override Task<bool> ProbeAsync(LocalServerContext context, CancellationToken cancellation) =>
        broker.ProbeAsync(context, cancellation);
}
