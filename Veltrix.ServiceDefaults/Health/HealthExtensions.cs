using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Veltrix.ServiceDefaults.Health;

/// <summary><c>/health</c> (may it be given work?) and <c>/alive</c> (is the process itself well?), and an orderly end.</summary>
internal static class HealthExtensions
{
    private const string LiveTag = "live";

    /// <summary>A check that hangs counts as failed; probes commonly wait no longer.</summary>
    private static readonly TimeSpan CheckLimit = TimeSpan.FromSeconds(3);

    public static void AddHealth(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<DrainState>();
        services
            .AddHealthChecks()
            .AddCheck("self", () => HealthCheckResult.Healthy(), [LiveTag])
            .AddCheck<DrainHealthCheck>("ready");
        services.PostConfigure<HealthCheckServiceOptions>(options =>
        {
            foreach (var check in options.Registrations.Where(check => check.Timeout == Timeout.InfiniteTimeSpan))
                check.Timeout = CheckLimit;
        });

        services.Configure<DrainOptions>(builder.Configuration.GetSection(DrainOptions.Section));
        services.AddHostedService<DrainNotice>();
        services
            .AddOptions<HostOptions>()
            .Configure<IOptions<DrainOptions>>(
                (host, drain) =>
                    host.ShutdownTimeout = TimeSpan.FromSeconds(drain.Value.NoticeSeconds + drain.Value.TimeoutSeconds)
            );
    }

    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = HealthReportWriter.WriteAsync })
            .AllowAnonymous()
            .DisableHttpMetrics();
        app.MapHealthChecks(
                "/alive",
                new HealthCheckOptions
                {
                    Predicate = check => check.Tags.Contains(LiveTag),
                    ResponseWriter = HealthReportWriter.WriteAsync,
                }
            )
            .AllowAnonymous()
            .DisableHttpMetrics();
    }
}
