using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Veltrix.ServiceDefaults.Health;

/// <summary>Readiness falls at once, so that load balancers stop sending before the listener closes.</summary>
internal sealed class DrainHealthCheck(DrainState drain) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) =>
        Task.FromResult(
            drain.IsDraining ? HealthCheckResult.Unhealthy("The node is shutting down.") : HealthCheckResult.Healthy()
        );
}
