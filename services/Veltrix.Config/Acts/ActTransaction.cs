using Microsoft.EntityFrameworkCore;
using Veltrix.Config.Store;

namespace Veltrix.Config.Acts;

/// <summary>
/// Runs one act in one transaction, and only one at a time over all replicas: what an act reads cannot change before it
/// commits, numbers have no gaps and parents no forks.
/// </summary>
public sealed class ActTransaction(ConfigDbContext database, TimeProvider time)
{
    // Any constant will do, as long as nobody else locks it in this database.
    private const long Lock = 0x56_45_4C_54_52_49_58;

    /// <summary>Runs <paramref name="work"/>, which writes exactly one row of the audit or refuses. It may run again after a lost connection.</summary>
    public Task<Outcome<T>> RunAsync<T>(
        Func<Act, CancellationToken, Task<Outcome<T>>> work,
        CancellationToken cancellation
    )
        where T : class
    {
        var id = Guid.CreateVersion7();
        // A commit whose answer got lost is looked up before it is tried again; else it could be done twice.
        return database
            .Database.CreateExecutionStrategy()
            .ExecuteInTransactionAsync(
                (Self: this, Work: work, Id: id),
                static (state, token) => state.Self.AttemptAsync(state.Work, state.Id, token),
                static (state, token) => state.Self.IsStoredAsync(state.Id, token),
                cancellation
            );
    }

    private async Task<Outcome<T>> AttemptAsync<T>(
        Func<Act, CancellationToken, Task<Outcome<T>>> work,
        Guid id,
        CancellationToken cancellation
    )
        where T : class
    {
        database.ChangeTracker.Clear();
        // What fails ends the act: a savepoint would be two more round trips for nothing.
        database.Database.AutoSavepointsEnabled = false;
        await database.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({Lock})", cancellation);
        var outcome = await work(new Act(database, id, TruncateToMicroseconds(time.GetUtcNow())), cancellation);
        if (outcome.Refusal is null)
            await database.SaveChangesAsync(cancellation);
        return outcome;
    }

    private Task<bool> IsStoredAsync(Guid id, CancellationToken cancellation) =>
        database.Audit.AnyAsync(row => row.Id == id, cancellation);

    // PostgreSQL keeps microseconds; without this the actor would be told another time than everybody after.
    private static DateTimeOffset TruncateToMicroseconds(DateTimeOffset time) =>
        time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));
}
