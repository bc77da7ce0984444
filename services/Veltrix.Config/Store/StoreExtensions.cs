using Microsoft.EntityFrameworkCore;

namespace Veltrix.Config.Store;

internal static class StoreExtensions
{
    public const string ConnectionName = "configdb";

    // A caller waits for the answer: a short outage is bridged, a longer one is told as 503.
    private const int MaximumRetries = 2;
    private const int CommandTimeoutSeconds = 10;
    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromMilliseconds(500);

    public static void AddConfigurationStore(this IHostApplicationBuilder builder)
    {
        builder.AddNpgsqlDbContext<ConfigDbContext>(
            ConnectionName,
            settings =>
            {
                settings.CommandTimeout = CommandTimeoutSeconds;
                settings.DisableRetry = true; // ours, below
                settings.DisableHealthChecks = true; // StoreHealthCheck: without the store a replica still serves reads
            },
            options =>
                options.UseNpgsql(npgsql =>
                    npgsql.EnableRetryOnFailure(MaximumRetries, LongestRetryDelay, errorCodesToAdd: null)
                )
        );
        builder.Services.AddScoped<VersionStore>();
        builder.Services.AddScoped<ProposalStore>();
    }
}
