using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Veltrix.Configuration;

namespace Veltrix.Config.Store;

/// <summary>Reads and appends versions.</summary>
public sealed class VersionStore(ConfigDbContext database, TimeProvider time)
{
    // Serialises publishers of all replicas for the length of one insert: numbers have no gaps and parents no forks.
    // Any constant will do, as long as nobody else locks it in this database.
    private const long PublisherLock = 0x56_45_4C_54_52_49_58;

    public async Task<ConfigurationVersion?> LatestAsync(CancellationToken cancellation) =>
        await Newest(database.Versions).FirstOrDefaultAsync(cancellation) is { } row ? ToVersion(row) : null;

    public async Task<ConfigurationVersion?> FindAsync(int number, CancellationToken cancellation) =>
        await database.Versions.AsNoTracking().SingleOrDefaultAsync(row => row.Number == number, cancellation)
            is { } row
            ? ToVersion(row)
            : null;

    /// <summary>Newest first, those below <paramref name="before"/>.</summary>
    public async Task<IReadOnlyList<ConfigurationVersion>> HistoryAsync(
        int before,
        int limit,
        CancellationToken cancellation
    )
    {
        var rows = await Newest(database.Versions.Where(row => row.Number < before))
            .Take(limit)
            .ToListAsync(cancellation);
        return rows.ConvertAll(ToVersion);
    }

    /// <summary>Appends a version when <paramref name="mayFollow"/> agrees to the current number (null: there is none).</summary>
    public async Task<PublishResult> PublishAsync(
        VersionDraft draft,
        Func<int?, bool> mayFollow,
        CancellationToken cancellation
    )
    {
        var publication = Guid.CreateVersion7();
        // A commit whose answer got lost is looked up before it is tried again; else it could be published twice.
        var result = await database
            .Database.CreateExecutionStrategy()
            .ExecuteInTransactionAsync(
                (Store: this, Draft: draft, MayFollow: mayFollow, Publication: publication),
                static (work, token) => work.Store.AppendAsync(work.Draft, work.MayFollow, work.Publication, token),
                static (work, token) => work.Store.IsStoredAsync(work.Publication, token),
                cancellation
            );
        return result;
    }

    private async Task<PublishResult> AppendAsync(
        VersionDraft draft,
        Func<int?, bool> mayFollow,
        Guid publication,
        CancellationToken cancellation
    )
    {
        database.ChangeTracker.Clear();
        await database.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({PublisherLock})", cancellation);
        var current = await database.Versions.MaxAsync(row => (int?)row.Number, cancellation);
        if (!mayFollow(current))
            return new PublishResult.Stale(current);
        var row = ToRow(draft, current, publication);
        database.Versions.Add(row);
        await database.SaveChangesAsync(cancellation);
        return new PublishResult.Published(ToVersion(row));
    }

    private Task<bool> IsStoredAsync(Guid publication, CancellationToken cancellation) =>
        database.Versions.AnyAsync(row => row.Publication == publication, cancellation);

    private StoredVersion ToRow(VersionDraft draft, int? parent, Guid publication) =>
        new()
        {
            Number = (parent ?? 0) + 1,
            Parent = parent,
            Hash = CanonicalJson.Hash(draft.Configuration),
            Author = draft.Author,
            Reason = draft.Reason,
            PublishedAt = TruncateToMicroseconds(time.GetUtcNow()),
            Document = Encoding.UTF8.GetString(CanonicalJson.Write(draft.Configuration)),
            Publication = publication,
        };

    // PostgreSQL keeps microseconds; without this the publisher would be told another time than everybody after.
    private static DateTimeOffset TruncateToMicroseconds(DateTimeOffset time) =>
        time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));

    private static IQueryable<StoredVersion> Newest(IQueryable<StoredVersion> rows) =>
        rows.AsNoTracking().OrderByDescending(row => row.Number);

    private static ConfigurationVersion ToVersion(StoredVersion row) =>
        new(
            row.Number,
            row.Parent,
            row.Hash,
            row.Author,
            row.Reason,
            row.PublishedAt,
            JsonSerializer.Deserialize(row.Document, ConfigurationJson.Default.PlatformConfiguration)!
        );
}
