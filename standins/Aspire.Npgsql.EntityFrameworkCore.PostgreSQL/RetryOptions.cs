using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;

/// <summary>Adds retries and a command timeout to options that an application configured itself.</summary>
internal static class RetryOptions
{
    public static void Enrich<TContext>(
        DbContextOptionsBuilder options,
        NpgsqlEntityFrameworkCorePostgreSQLSettings settings
    )
        where TContext : DbContext
    {
        var configured = options.Options.Extensions.OfType<RelationalOptionsExtension>().FirstOrDefault();
        if (settings.CommandTimeout is { } wanted && configured?.CommandTimeout is { } present && wanted != present)
            throw new InvalidOperationException(
                "Conflicting values for 'CommandTimeout' were found in NpgsqlEntityFrameworkCorePostgreSQLSettings and "
                    + $"set in DbContextOptions<{typeof(TContext).Name}>."
            );
        options.UseNpgsql(npgsql =>
        {
            // A strategy of the application's own is kept.
            if (!settings.DisableRetry && configured?.ExecutionStrategyFactory is null)
                npgsql.EnableRetryOnFailure();
            if (settings.CommandTimeout is { } seconds)
                npgsql.CommandTimeout(seconds);
        });
    }
}
