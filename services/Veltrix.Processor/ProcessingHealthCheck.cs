using Microsoft.Extensions.Diagnostics.HealthChecks;
using Veltrix.Processor.Database;
using Veltrix.Processor.Projections;
using Veltrix.Processor.Workflows;

namespace Veltrix.Processor;

/// <summary>Healthy as soon as the schema is there and every purpose consumes.</summary>
internal sealed class ProcessingHealthCheck(
    ProcessingDatabase database,
    ProjectionService projections,
    WorkflowHealth workflows
) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        var missing =
            !database.IsReady ? "The schema is not up to date yet."
            : !projections.IsRunning ? "The projections do not consume."
            : !workflows.IsRunning ? "The workflows do not consume."
            : null;
        return Task.FromResult(
            missing is null
                ? HealthCheckResult.Healthy()
                : new HealthCheckResult(context.Registration.FailureStatus, missing)
        );
    }
}
