using Microsoft.EntityFrameworkCore;
using Veltrix.Config.Versions;
using Veltrix.Configuration;
using Veltrix.Configuration.History;

namespace Veltrix.Config.Store;

/// <summary>Reads what acts have written.</summary>
public sealed class VersionStore(ConfigDbContext database)
{
    /// <summary>What is released to everybody, and what the active rollout tries; null before the first version.</summary>
    public async Task<(ConfigurationVersion Released, StagedVersion? Staged)?> CurrentAsync(
        CancellationToken cancellation
    )
    {
        // One statement, so one snapshot: between two, a candidate could be taken for released.
        var newest = await database
            .Versions.NewestFirst()
            .Select(version => new
            {
                Version = version,
                Rollout = database.Rollouts.FirstOrDefault(rollout =>
                    rollout.Active && rollout.Candidate == version.Number
                ),
            })
            .FirstOrDefaultAsync(cancellation);
        if (newest is null)
            return null;
        if (newest.Rollout is not { } rollout)
            return (newest.Version.ToVersion(), null);
        var nodes = rollout.Progress.Nodes.Select(node => node.Node).ToHashSet(StringComparer.Ordinal);
        return (
            (await FindRowAsync(rollout.Base, cancellation))!.ToVersion(),
            new StagedVersion(newest.Version.ToVersion(), nodes)
        );
    }

    public async Task<ConfigurationVersion?> FindAsync(int number, CancellationToken cancellation) =>
        (await FindRowAsync(number, cancellation))?.ToVersion();

    /// <summary>The canonical document of a version, as it was stored; null for an unknown version.</summary>
    public async Task<string?> DocumentAsync(int number, CancellationToken cancellation) =>
        (await FindRowAsync(number, cancellation))?.Document;

    /// <summary>Newest first, those below <paramref name="before"/>.</summary>
    public async Task<IReadOnlyList<ConfigurationVersion>> HistoryAsync(
        int before,
        int limit,
        CancellationToken cancellation
    )
    {
        var rows = await database
            .Versions.NewestFirst()
            .Where(row => row.Number < before)
            .Take(limit)
            .ToListAsync(cancellation);
        return rows.ConvertAll(row => row.ToVersion());
    }

    /// <summary>Newest first, those below <paramref name="before"/>.</summary>
    public async Task<IReadOnlyList<AuditEntry>> AuditAsync(long before, int limit, CancellationToken cancellation)
    {
        var rows = await database
            .Audit.AsNoTracking()
            .Where(row => row.Number < before)
            .OrderByDescending(row => row.Number)
            .Take(limit)
            .ToListAsync(cancellation);
        return rows.ConvertAll(row => row.ToEntry());
    }

    private Task<StoredVersion?> FindRowAsync(int number, CancellationToken cancellation) =>
        database.Versions.AsNoTracking().SingleOrDefaultAsync(row => row.Number == number, cancellation);
}
