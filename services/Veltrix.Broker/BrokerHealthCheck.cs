using Microsoft.Extensions.Diagnostics.HealthChecks;
using Veltrix.Broker.Network;

namespace Veltrix.Broker;

/// <summary>Healthy while clients are listened to and nothing has stopped because of its disk.</summary>
internal sealed class BrokerHealthCheck(BrokerNode node, KafkaServer server) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        var failed = node.Topics.All.Count(topic => topic.Partitions.Any(partition => partition.IsFailed));
        return Task.FromResult(
            !server.IsListening ? HealthCheckResult.Unhealthy("Not listening for Kafka clients.")
            : failed > 0 ? HealthCheckResult.Unhealthy($"{failed} topics have partitions whose disk failed.")
            : node.Groups.IsFailed ? HealthCheckResult.Unhealthy("The disk failed under the consumer groups.")
            : node.Transactions.IsFailed ? HealthCheckResult.Unhealthy("The disk failed under the transactions.")
            : HealthCheckResult.Healthy()
        );
    }
}
