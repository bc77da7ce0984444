using Confluent.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Confluent.Kafka;

/// <summary>
/// Asks the cluster for its metadata over the client's own connections. The genuine check produces a message to a
/// topic each time; this one leaves no trace on the cluster.
/// </summary>
internal sealed class KafkaHealthCheck(Func<Handle> client) : IHealthCheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) =>
        // librdkafka blocks the calling thread until the answer or the limit.
        Task.Run(() => Check(context.Registration.FailureStatus), cancellationToken);

    private HealthCheckResult Check(HealthStatus failure)
    {
        try
        {
            // One for each check: on librdkafka 2.0.2 the thread of a dependent client spins for as long as it lives.
            using var admin = new DependentAdminClientBuilder(client()).Build();
            var brokers = admin.GetMetadata(Limit).Brokers.Count;
            return brokers > 0
                ? HealthCheckResult.Healthy()
                : new HealthCheckResult(failure, "No broker of the cluster is known.");
        }
        catch (Exception error) when (error is KafkaException or ObjectDisposedException or InvalidOperationException)
        {
            return new HealthCheckResult(failure, error.Message, error);
        }
    }
}
