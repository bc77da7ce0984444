using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Veltrix.Config.History;

/// <summary>Degraded while the last verification found a version that does not fit.</summary>
internal sealed class ChainHealthCheck(ChainState state) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) =>
        Task.FromResult(
            state.Verdict?.Fault is { } fault
                ? HealthCheckResult.Degraded(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Version {fault.Number} does not fit the history. {fault.Reason}"
                    )
                )
                : HealthCheckResult.Healthy(state.Verdict is null ? "The history was not verified yet." : null)
        );
}
