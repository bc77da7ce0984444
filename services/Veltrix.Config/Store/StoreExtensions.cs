using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Veltrix.Config.Store;

internal static class StoreExtensions
{
    public const string ConnectionName = "configdb";

    // A caller waits for the answer: a short outage is bridged, a longer one is told as 503.
    private const int MaximumRetries = 2;
    private const int CommandTimeoutSeconds = 10;

    // More than there are different statements; a few dozen kilobytes per connection.
    private const int PreparedStatements = 100;
    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromMilliseconds(500);

    public static void AddConfigurationStore(this IHostApplicationBuilder builder)
    {
        builder.AddNpgsqlDbContext<ConfigDbContext>(
            ConnectionName,
            settings =>
            {
                settings.ConnectionString = Prepared(settings.ConnectionString);
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

    /// <summary>
    /// Every watcher waits for a publication's statements, so they are planned once per connection. Nothing here sets
    /// anything in a session that would have to be taken back.
    /// </summary>
    private static string? Prepared(string? connectionString) =>
        connectionString is null
            ? null
            : new NpgsqlConnectionStringBuilder(connectionString)
            {
                MaxAutoPrepare = PreparedStatements,
                AutoPrepareMinUsages = 2,
                NoResetOnClose = true,
            }.ConnectionString;
}
