using Microsoft.EntityFrameworkCore;
using Veltrix.Config.Store;

namespace Veltrix.Config.Rollouts;

/// <summary>The database's clock: every replica has the same database.</summary>
internal sealed class DatabaseClock(ConfigDbContext database) : IRolloutClock
{
    public Task<DateTimeOffset> NowAsync(CancellationToken cancellation) =>
        database.Database.SqlQuery<DateTimeOffset>($"select clock_timestamp() \"Value\"").SingleAsync(cancellation);
}
