using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Veltrix.Config.Versions;

/// <summary>Unhealthy until there is a configuration to serve; only degraded when the store goes away after that.</summary>
internal sealed class StoreHealthCheck(CurrentVersion current, VersionFeed feed) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) =>
        Task.FromResult(
            current.Value is null ? HealthCheckResult.Unhealthy("No configuration was read from the store yet.")
            : feed.Connected ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded("The store is away; the last version is served from memory.")
        );
}
