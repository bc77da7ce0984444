using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Veltrix.ServiceDefaults.Configuration;

/// <summary>A node that has never seen a configuration must not be given work. One that lost the watch keeps working.</summary>
internal sealed class ConfigurationHealthCheck(CurrentConfiguration configuration) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) =>
        Task.FromResult(
            configuration.CurrentOrNull is { } version
                ? HealthCheckResult.Healthy($"Version {version.Number} is in force.")
                : new HealthCheckResult(context.Registration.FailureStatus, "No configuration has arrived yet.")
        );
}
