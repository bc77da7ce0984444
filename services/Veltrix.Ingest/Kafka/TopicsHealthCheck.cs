using Microsoft.Extensions.Diagnostics.HealthChecks;
using Veltrix.Configuration;
using Veltrix.ServiceDefaults.Configuration;

namespace Veltrix.Ingest.Kafka;

/// <summary>
/// A node without topics should get no traffic. One that lacks some of them should: only their events are answered 503,
/// and a topic that Kafka refuses must not close the door to all others.
/// </summary>
internal sealed class TopicsHealthCheck(IPlatformConfiguration configuration, TopicKeeper topics) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) => Task.FromResult(Check(context.Registration.FailureStatus));

    private HealthCheckResult Check(HealthStatus failure)
    {
        if (!configuration.WaitAsync(CancellationToken.None).IsCompletedSuccessfully)
            return new HealthCheckResult(failure, "No configuration has arrived yet.");
        var wanted = TopicKeeper.TopicsOf(configuration.Current.Configuration).ToList();
        if (wanted.Count == 0)
            return new HealthCheckResult(failure, $"No topic is on the cluster {ClusterConfiguration.Served}.");
        var missing = wanted.Where(topic => !topics.IsReady(topic.Name)).Select(topic => topic.Name).ToList();
        if (missing.Count == 0)
            return HealthCheckResult.Healthy();
        var description = $"Topics that have not been created yet: {string.Join(", ", missing)}.";
        return missing.Count == wanted.Count
            ? new HealthCheckResult(failure, description)
            : HealthCheckResult.Degraded(description);
    }
}
